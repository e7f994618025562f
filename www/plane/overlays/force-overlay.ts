import { LitElement, css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { View } from '../../../pkg/guidance_playground.js';
import { fitView, type Transform } from '../drawing/camera.js';
import type { Quantity } from '../explanation/fields.js';
import type { Forces, Vector } from '../explanation/forces.js';
import { quantityColours } from '../../styles/quantity-colours.js';
import { SizeWatch } from '../../controls/watching.js';

/** The longest arrow is no shorter than half of this share of the picture, and no longer than it. */
const longest = 0.36;
/** Pixels of an arrow's head. */
const head = 9;
/** Pixels between a tip and its label. */
const apart = 12;
/** Pixels from one label to the next beneath it. */
const lineHeight = 15;

interface ArrowOnPicture {
  quantity: Quantity;
  label: unknown;
  from: Vector;
  to: Vector;
}

/** The scores at a point as arrows: main, guide, their weighted difference from the guide's tip, and what is followed. */
@customElement('gp-force-overlay')
export class ForceOverlay extends LitElement {
  @property({ attribute: false }) view: View | null = null;
  /** Null until they are known. */
  @property({ attribute: false }) forces: Forces | null = null;
  @state() private size: Vector = [0, 0];

  constructor() {
    super();
    this.addController(new SizeWatch(this, ({ width, height }) => (this.size = [width, height])));
  }

  static override styles = [
    quantityColours,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: block;
        pointer-events: none;
      }

      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      path {
        fill: none;
        stroke: var(--quantity);
        stroke-width: 2;
        stroke-linecap: round;
        stroke-linejoin: round;
      }

      path.casing {
        stroke: var(--surface);
        stroke-width: 5;
      }

      path.result {
        stroke-width: 3;
      }

      path.difference {
        stroke-dasharray: 5 4;
      }

      circle {
        fill: var(--surface);
        stroke: var(--quantity-result);
        stroke-width: 1.5;
      }

      text {
        fill: var(--quantity);
        stroke: var(--surface);
        stroke-width: 4;
        paint-order: stroke;
        font: 600 0.8125rem var(--font);
        text-anchor: middle;
        dominant-baseline: central;
      }

      .scale {
        position: absolute;
        /* Above the formula, away from the legend of a field. */
        inset: auto var(--space-2) 6.25rem auto;
        padding: 0.1rem var(--space-2);
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--surface) 88%, transparent);
        color: var(--ink-soft);
        font-size: 0.75rem;
      }
    `,
  ];

  protected override render() {
    const { forces } = this;
    const [width, height] = this.size;
    if (!forces || !this.view || width === 0) return nothing;
    const transform = fitView(this.view, width, height);
    const enlargement = enlargementOf(forces, transform, Math.min(width, height));
    const arrows = arrowsOf(forces, transform, enlargement);
    const [x, y] = onPicture(transform, forces.point);
    return html`
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
        ${arrows.map(({ from, to }) => svg`<path class="casing" d=${outline(from, to)} />`)}
        ${arrows.map(({ quantity, from, to }) => svg`<path class=${quantity} d=${outline(from, to)} />`)}
        <circle cx=${x} cy=${y} r="3.5" />
        ${placeLabels(arrows, this.size).map(({ quantity, label, at: [x, y] }) => svg`<text class=${quantity} x=${x} y=${y}>${label}</text>`)}
      </svg>
      <div class="scale" aria-hidden="true">arrows: σ² × score${magnification(enlargement)}</div>
    `;
  }
}

/** A power of two that makes the longest arrow well seen: sigma^2 times a score leads to where a model expects the data. */
function enlargementOf({ sigma, main, guide, result, difference }: Forces, { scale }: Transform, side: number): number {
  const lengths = [main, guide, result, difference].flatMap((score) => (score ? [Math.hypot(...score)] : []));
  const pixels = sigma * sigma * scale * Math.max(...lengths);
  if (!(pixels > 0) || !Number.isFinite(pixels)) return 1;
  return 2 ** Math.floor(Math.log2((longest * side) / pixels));
}

function magnification(enlargement: number): string {
  if (enlargement === 1) return '';
  return enlargement > 1 ? ` × ${enlargement}` : ` ÷ ${1 / enlargement}`;
}

function onPicture({ scale, x, y }: Transform, point: Vector): Vector {
  return [x + scale * point[0], y - scale * point[1]];
}

function arrowsOf({ point, sigma, main, guide, difference, result }: Forces, transform: Transform, enlargement: number) {
  const place = onPicture(transform, point);
  const factor = enlargement * sigma * sigma * transform.scale;
  const along = (from: Vector, [x, y]: Vector): Vector => [from[0] + factor * x, from[1] - factor * y];
  const arrows: ArrowOnPicture[] = [{ quantity: 'main', label: 's₁', from: place, to: along(place, main) }];
  if (!guide || !difference) return arrows;
  const tip = along(place, guide);
  arrows.push(
    { quantity: 'guide', label: 's₀', from: place, to: tip },
    { quantity: 'difference', label: 'w (s₁ − s₀)', from: tip, to: along(tip, difference) },
    { quantity: 'result', label: svg`s<tspan dy="4" font-size="75%">w</tspan>`, from: place, to: along(place, result) },
  );
  return arrows.filter(({ to }) => to.every(Number.isFinite));
}

function outline(from: Vector, to: Vector): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 1) return '';
  const size = Math.min(head, length / 2) / length;
  const wing = (side: number) => [to[0] - size * (dx + side * 0.55 * dy), to[1] - size * (dy - side * 0.55 * dx)].join();
  return `M${from.join()}L${to.join()}M${wing(1)}L${to.join()}L${wing(-1)}`;
}

/** Beside the tips of arrows, of the difference beside its middle; where one would hide another, beneath it. */
function placeLabels(arrows: ArrowOnPicture[], [width, height]: Vector) {
  const placed: { quantity: Quantity; label: unknown; at: Vector }[] = [];
  for (const { quantity, label, from, to } of arrows) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    if (length < 2 * head) continue;
    const [ux, uy] = [dx / length, dy / length];
    const wide = quantity === 'difference';
    const [x, y] = wide ? [from[0] + dx / 2 - 2.6 * apart * uy, from[1] + dy / 2 + apart * ux] : [to[0] + apart * ux, to[1] + apart * uy];
    const margin = wide ? 36 : 12;
    const at: Vector = [Math.min(Math.max(x, margin), width - margin), Math.min(Math.max(y, 10), height - 10)];
    const hides = (other: Vector) => Math.abs(other[0] - at[0]) < margin + 6 && Math.abs(other[1] - at[1]) < lineHeight;
    while (placed.some((other) => hides(other.at))) at[1] += lineHeight;
    placed.push({ quantity, label, at });
  }
  return placed;
}
