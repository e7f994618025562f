// How broad the Gaussians around points of one's own are.
import { html, nothing } from 'lit';
import { toFailure } from '../../engine/failure.js';
import { formatCount } from '../../text/format.js';
import { isPoints } from '../distribution.js';
import { bandwidthOf, withBandwidth } from './brought.js';
import { longLink } from './links.js';

/** Times the bandwidth that the points' file asks for, by default that of Scott's rule, in doublings either way. */
const reach = 2;

/** Changes asked for: of several under way the last counts. */
let asked = 0;

/** Of points the control of their bandwidth, where it can be had, and what is to be known of their links. */
export function renderBandwidth(distribution: string, change: (distribution: string) => void) {
  if (!isPoints(distribution)) return nothing;
  const times = bandwidthOf(distribution);
  const set = async ({ target }: Event) => {
    const slider = target as HTMLInputElement;
    const own = ++asked;
    try {
      const distribution = await withBandwidth(2 ** Number(slider.value));
      if (own === asked) change(distribution);
    } catch (thrown) {
      if (own !== asked) return;
      slider.setCustomValidity(toFailure(thrown).message);
      slider.reportValidity();
      slider.setCustomValidity('');
      slider.value = String(Math.log2(times ?? 1));
    }
  };
  const { length } = distribution;
  return html`${
    times === null
      ? nothing
      : html`<label class="field" title="How broad the Gaussians are that stand around the points: times what their file asks for, or Scott’s rule">
          Bandwidth
          <input
            type="range"
            min=${-reach}
            max=${reach}
            step="0.25"
            .value=${String(Math.log2(times))}
            aria-valuetext="${brief(times)} times"
            @change=${set}
          />
          × ${brief(times)}
        </label>`
  }${
    length > longLink
      ? html`<small title="Links hold all of the points’ Gaussians. Some programs cut long links: send the file, too.">
          ${formatCount(length)} letters in links
        </small>`
      : nothing
  }`;
}

function brief(times: number): string {
  return times.toPrecision(2);
}
