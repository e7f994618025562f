// Asking the instrument to show a result of a table or a plot.
import { html } from 'lit';
import type { RunConfig } from '../../scheme/scheme.js';
import type { PlaneKinds } from '../../plane/state/state.js';
import type { Demonstration } from '../../state/lab.js';
import { mostPanels } from '../../scheme/address.js';
import type { PanelState } from '../../state/state.js';

export class Demonstrate extends Event {
  constructor(readonly demonstration: Demonstration<PlaneKinds>) {
    super('demonstrate', { bubbles: true, composed: true });
  }
}

/** A run as it was made, in a panel: its seed, particles and noise levels, which all panels share, come with it. */
export function reproduce(choice: string, { scheme, seed, particles, distribution }: RunConfig, panel: number | null): Demonstrate {
  return new Demonstrate({
    place: { panel, chosen: { choice, scheme } },
    sampling: { seed, particles, levels: scheme.levels, distribution },
  });
}

/** Where a result went that was loaded: the panels may be out of sight. */
export function describeLoaded(title: string, panels: readonly PanelState[], target: number | null): string {
  const found = panels.findIndex(({ id }) => id === target);
  return `${title} is in panel ${found < 0 ? Math.min(panels.length + 1, mostPanels) : found + 1} now.`;
}

/** A menu of the panels that something can be loaded into; null is a new one. */
export function renderTarget(panels: readonly PanelState[], target: number | null, choose: (panel: number | null) => void) {
  const full = panels.length >= mostPanels;
  return html`<span class="target">
    <label for="target">Load into</label>
    <select
      id="target"
      @change=${({ target }: Event) => {
        const { value } = target as HTMLSelectElement;
        choose(value === '' ? null : Number(value));
      }}
    >
      ${full ? '' : html`<option value="" .selected=${target === null}>a new panel</option>`}
      ${panels.map(
        ({ id }, index) =>
          html`<option value=${id} .selected=${id === target || (full && target === null && index === panels.length - 1)}>
            panel ${index + 1}
          </option>`,
      )}
    </select>
  </span>`;
}
