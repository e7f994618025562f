import { LitElement, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { SizeWatch } from '../../controls/watching.js';
import { StripScale } from '../../drawing/strip-scale.js';
import { hasRoom, insertPoint, widestGap } from '../../scheme/curve.js';
import { drawnPoints, weightOf } from '../../scheme/drawn-weight.js';
import type { Scheme } from '../../scheme/scheme.js';
import { variantOf, type SchemeTable, type VariantValue } from '../../scheme/table.js';
import { formatDecimal, formatSigma } from '../../text/format.js';
import type { StripCurve } from './curves.js';
import type { Hand, Strip } from './hand.js';
import { drawnThrough, intervalOf, type Handle } from './handles.js';
import { margin, Plot, spanOf, trackReach } from './plot.js';
import { stripStyles } from './styles.js';

/** The clock is to stand elsewhere. */
export class Scrub extends Event {
  constructor(readonly position: number) {
    super('scrub');
  }
}

/** A panel's weight is to be another over time; `settled` is false while the hand still drags. */
export class StripEdit extends Event {
  constructor(
    readonly panel: number,
    readonly scheme: Scheme,
    readonly settled: boolean,
  ) {
    super('strip-edit', { bubbles: true, composed: true });
  }
}

/** Pixels above the axis: of a low strip, and of one that is easily drawn on. */
const heights = { low: 64, tall: 168 };
const dashes = ['none', '6 3', '2 3', '9 3 2 3', '1 4', '12 4'];
/** Noise levels that are named under the axis, where they lie within it. */
const ticks = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
/** Least distance of two names, in pixels. */
const tickGap = 44;

/** Every panel's weight over the noise level, which is also the clock's slider; one panel's can be drawn. */
@customElement('gp-guidance-strip')
export class GuidanceStrip extends LitElement implements Strip {
  @property({ attribute: false }) table!: SchemeTable;
  @property({ attribute: false }) curves: StripCurve[] = [];
  @property({ attribute: false }) noiseLevels = new Float64Array();
  @property({ attribute: false }) steps = 1;
  @property({ attribute: false }) position = 0;
  /** Steps that every panel has computed. */
  @property({ attribute: false }) computed = 0;
  /** Whether a narrow page shows the menus; a wide one always does. */
  @property({ type: Boolean, reflect: true }) unfolded = false;
  /** The panel whose weight can be drawn. */
  @state() private chosen: number | null = null;
  /** Whether there is much room to draw: it covers what is behind, so only where it was asked for here. */
  @state() private tall = false;
  @state() private width = 600;
  /** Null before one has come near. */
  #hand: Hand | null = null;
  #coming: Promise<Hand> | null = null;

  constructor() {
    super();
    this.addController(new SizeWatch(this, ({ width }) => (this.width = Math.max(width, 120))));
  }

  static override styles = stripStyles;

  /** The panel chosen, or the first that has something to draw. */
  get #curve(): StripCurve | undefined {
    const guided = this.curves.filter(({ scheme }) => scheme.guide !== null);
    return this.curves.find(({ panel }) => panel === this.chosen) ?? guided[0] ?? this.curves[0];
  }

  get scheme(): Scheme | undefined {
    return this.#curve?.scheme;
  }

  get drawn(): boolean {
    const { scheme } = this;
    return Boolean(scheme?.guide && drawnPoints(scheme) && this.#scale.known);
  }

  get top(): number {
    return this.noiseLevels[0]!;
  }

  get plot(): Plot {
    const { drawn } = this;
    // Of a low window no more than a third.
    const height = drawn && this.tall ? Math.max(Math.min(heights.tall, Math.round(innerHeight / 3)), heights.low) : heights.low;
    const all = this.curves.flatMap(({ weights }) => [...(weights ?? [])]);
    return new Plot(this.#scale, this.width, height, this.#hand?.span ?? spanOf(all, drawn));
  }

  get #scale(): StripScale {
    return new StripScale(this.noiseLevels, this.steps);
  }

  protected override render() {
    const curve = this.#curve;
    return html`
      <div class="controls">
        <label>
          Weight <i>w</i> of
          <select aria-label="Panel whose weight can be drawn" @change=${this.#choosePanel}>
            ${this.curves.map(
              ({ panel, number, name }) => html`<option value=${panel} .selected=${panel === curve?.panel}>${number}: ${name}</option>`,
            )}
          </select>
        </label>
        ${curve?.scheme.guide ? this.#renderControls(curve) : html`<span>has no guide to weigh</span>`}
      </div>
      ${this.#renderPlot(curve)}
    `;
  }

  #renderControls({ scheme }: StripCurve) {
    const schedule = variantOf(this.table.catalogue.schedules, scheme.schedule as VariantValue);
    const drawn = drawnPoints(scheme);
    return html`
      <select aria-label="Schedule of the weight over time" @change=${this.#chooseSchedule}>
        ${this.table.catalogue.schedules.map(({ id, name }) => html`<option value=${id} .selected=${id === schedule.id}>${name}</option>`)}
      </select>
      ${
        drawn
          ? html`<button
            ?disabled=${!hasRoom(drawn, widestGap(drawn)[0])}
            @click=${() => this.edit(drawnThrough(insertPoint(drawn, widestGap(drawn)).points), true)}
          >
            Add a point
          </button>
          <button @click=${() => (this.tall = !this.tall)}>${this.tall ? 'Lower' : 'Taller'}</button>`
          : nothing
      }
      ${scheme.interval ? html`<button @click=${() => this.edit({ interval: null }, true)}>Guide at all levels</button>` : nothing}
    `;
  }

  #renderPlot(curve: StripCurve | undefined) {
    const { plot, drawn } = this;
    const { scale, height, base } = plot;
    const here = plot.x(scale.ofPosition(this.position));
    const step = Math.round(this.position);
    const level = this.noiseLevels[step];
    return html`
      <div
        class=${drawn ? 'plot drawn' : 'plot'}
        @pointerdown=${this.#hear}
        @pointermove=${this.#hear}
        @pointerup=${this.#hear}
        @pointercancel=${this.#hear}
      >
        <svg viewBox="0 0 ${this.width} ${height + 20}" height=${height + 20} aria-hidden=${curve ? nothing : 'true'}>
          ${drawn ? svg`<rect class="canvas" width=${this.width} height=${base - trackReach} />` : nothing}
          ${this.#renderWeights(plot)}
          <line class="track" x1=${plot.x(0)} x2=${plot.x(1)} y1=${base} y2=${base} />
          <line class="computed" x1=${plot.x(0)} x2=${plot.x(scale.ofPosition(this.computed))} y1=${base} y2=${base} />
          <line class="played" x1=${plot.x(0)} x2=${here} y1=${base} y2=${base} />
          <line class="clock" x1=${here} x2=${here} y1=${margin.top - 6} y2=${base} />
          ${this.#renderTicks(plot)} ${curve?.scheme.guide ? this.#renderHandles(curve, plot) : nothing}
        </svg>
        <div
          class="thumb"
          .style=${`left: ${here}px`}
          tabindex="0"
          role="slider"
          aria-label="Noise level"
          aria-valuemin="0"
          aria-valuemax=${this.steps}
          aria-valuenow=${step}
          aria-valuetext="sigma ${level === undefined ? 'not yet known' : formatSigma(level)}, step ${step} of ${this.steps}"
          @keydown=${this.#scrubByKey}
        ></div>
      </div>
    `;
  }

  #renderWeights(plot: Plot) {
    const {
      scale,
      span: [low, high],
    } = plot;
    const chosen = this.#curve?.panel;
    // The chosen one lies on top.
    const ordered = [...this.curves].sort((a, b) => Number(a.panel === chosen) - Number(b.panel === chosen));
    return svg`
      ${[...new Set([low, 1, high])].map(
        (weight) => svg`
          <line class="one" x1=${plot.x(0)} x2=${plot.x(1)} y1=${plot.y(weight)} y2=${plot.y(weight)} />
          <text class="end" x=${margin.left - 6} y=${plot.y(weight) + 4} aria-hidden="true">${formatWeight(weight)}</text>`,
      )}
      ${ordered.map(({ panel, number, weights }) => {
        if (!weights || !scale.known) return nothing;
        const corners = Array.from(weights, (weight, step) => `${plot.x(scale.ofPosition(step))},${plot.y(weight)}`);
        return svg`<polyline
          class=${panel === chosen ? 'chosen' : ''}
          stroke-dasharray=${dashes[(number - 1) % dashes.length]!}
          points=${corners.join(' ')}
        />`;
      })}`;
  }

  #renderTicks(plot: Plot) {
    const { scale } = plot;
    if (!scale.known) return nothing;
    const [high, low] = [this.noiseLevels[0]!, this.noiseLevels[this.steps - 1]!];
    let last = Infinity;
    const named = [0, ...ticks.filter((sigma) => sigma <= high * 1.001 && sigma >= low * 0.999).reverse()].filter((sigma) => {
      const x = plot.x(scale.ofSigma(sigma));
      if (last - x < tickGap) return false;
      last = x;
      return true;
    });
    return named.map(
      (sigma) =>
        svg`<text class="middle" x=${plot.x(scale.ofSigma(sigma))} y=${plot.height + 16} aria-hidden="true">${sigma === 0 ? 'σ = 0' : sigma}</text>`,
    );
  }

  #renderHandles({ scheme, number }: StripCurve, plot: Plot) {
    const { scale } = plot;
    if (!scale.known) return nothing;
    const interval = intervalOf(scheme, this.top);
    const [high, low] = interval.map((sigma) => scale.ofSigma(sigma)) as [number, number];
    const grip = (kind: 'high' | 'low', name: string) => {
      const share = kind === 'high' ? high : low;
      const sigma = interval[kind === 'high' ? 0 : 1];
      return svg`<path
        class="handle grip"
        d="M${plot.x(share) - 5} 0h10v7l-5 6l-5 -6z"
        tabindex="0"
        role="slider"
        data-handle=${kind}
        aria-label="${name} noise level that panel ${number} is guided at"
        aria-valuemin="0"
        aria-valuemax=${this.top}
        aria-valuenow=${sigma}
        aria-valuetext="sigma ${formatSigma(sigma)}"
        @keydown=${(event: KeyboardEvent) => this.#nudge(event, { kind })}
      />`;
    };
    return svg`
      ${
        scheme.interval
          ? svg`<rect class="shade" x=${plot.x(high)} width=${Math.max(plot.x(low) - plot.x(high), 0)} y=${margin.top} height=${plot.base - margin.top} />`
          : nothing
      }
      ${grip('high', 'Highest')} ${grip('low', 'Lowest')}
      ${(drawnPoints(scheme) ?? []).map(
        ([u, f], index, all) => svg`<circle
          class="handle"
          cx=${plot.x(scale.ofTime(u))}
          cy=${plot.y(weightOf(scheme, f))}
          r="5"
          tabindex="0"
          role="slider"
          data-handle="point"
          aria-label="Point ${index + 1} of ${all.length} of panel ${number}"
          aria-valuemin=${plot.span[0]}
          aria-valuemax=${plot.span[1]}
          aria-valuenow=${weightOf(scheme, f)}
          aria-valuetext="weight ${formatDecimal(weightOf(scheme, f), 2)} at time ${formatDecimal(u, 2)}"
          @keydown=${(event: KeyboardEvent) => this.#nudge(event, { kind: 'point', index })}
        />`,
      )}`;
  }

  /** One after another, in the order in which they are asked. */
  #withHand(act: (hand: Hand) => void): void {
    this.#coming ??= import('./hand.js').then(({ Hand }) => (this.#hand = new Hand(this)));
    this.#coming.then(act, () => (this.#coming = null));
  }

  readonly #hear = (event: PointerEvent) => {
    if (event.type === 'pointerdown' && event.button === 0 && event.isPrimary) {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
    }
    this.#withHand((hand) => hand.hear(event));
  };

  #nudge(event: KeyboardEvent, handle: Handle) {
    if (!/^(Arrow|Delete$|Backspace$)/.test(event.key)) return;
    event.preventDefault();
    this.#withHand((hand) => hand.nudge(handle, event.key));
  }

  readonly #scrubByKey = (event: KeyboardEvent) => {
    const step = Math.round(this.position);
    const page = Math.max(Math.round(this.steps / 8), 1);
    const to: Record<string, number> = {
      ArrowLeft: step - 1,
      ArrowDown: step - 1,
      ArrowRight: step + 1,
      ArrowUp: step + 1,
      PageDown: step - page,
      PageUp: step + page,
      Home: 0,
      End: this.steps,
    };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    this.scrub(Math.min(Math.max(wanted, 0), this.steps));
  };

  readonly #choosePanel = ({ target }: Event) => {
    this.chosen = Number((target as HTMLSelectElement).value);
  };

  readonly #chooseSchedule = ({ target }: Event) => {
    const { value } = this.table.catalogue.schedules.find(({ id }) => id === (target as HTMLSelectElement).value)!;
    this.tall = true;
    this.edit({ schedule: value as Scheme['schedule'] }, true);
  };

  scrub(position: number) {
    this.dispatchEvent(new Scrub(position));
  }

  edit(change: Partial<Scheme> | null, settled: boolean) {
    const { panel, scheme } = this.#curve!;
    this.dispatchEvent(new StripEdit(panel, change ? { ...scheme, ...change } : scheme, settled));
  }
}

function formatWeight(weight: number): string {
  return formatDecimal(weight, Number.isInteger(weight) ? 0 : 1);
}
