import { css } from 'lit';
import { controls } from '../../styles/controls.js';
import { margin } from './plot.js';

/** Where room is scarce, menus wait until they are asked for. */
const folded = css`
  :host(:not([unfolded])) .controls {
    display: none;
  }
`;

export const stripStyles = [
  controls,
  css`
    :host {
      display: block;
      min-width: 0;
    }

    .controls {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-1) var(--space-3);
      align-items: center;
      color: var(--ink-soft);
      font-size: var(--size-small);
    }

    .controls label {
      display: inline-flex;
      gap: var(--space-1);
      align-items: center;
    }

    .controls select,
    .controls button {
      height: 1.625rem;
      font-size: 0.75rem;
    }

    .controls button {
      padding: 0 var(--space-1);
    }

    .controls select {
      --inset: var(--space-1);
      max-width: 12rem;
    }

    .plot {
      position: relative;
      touch-action: pan-y;
      cursor: pointer;
    }

    /* A finger draws, and does not move the page. */
    .plot.drawn {
      touch-action: none;
    }

    .canvas {
      fill: transparent;
      cursor: crosshair;
    }

    svg {
      display: block;
      width: 100%;
      overflow: visible;
    }

    .one {
      stroke: var(--line);
    }

    .track {
      stroke: var(--line);
      stroke-width: 3;
    }

    .computed {
      stroke: var(--line-strong);
      stroke-width: 3;
    }

    .played {
      stroke: var(--ink);
      stroke-width: 3;
    }

    .clock {
      stroke: var(--ink);
    }

    polyline {
      fill: none;
      stroke: var(--line-strong);
      stroke-width: 1.25;
      stroke-linejoin: round;
    }

    polyline.chosen {
      stroke: var(--accent);
      stroke-width: 2;
    }

    .shade {
      fill: var(--accent);
      opacity: 0.08;
    }

    text {
      fill: var(--ink-soft);
      font-size: 11px;
      font-variant-numeric: tabular-nums;
    }

    text.chosen {
      fill: var(--accent);
      font-weight: 600;
    }

    .end {
      text-anchor: end;
    }

    .middle {
      text-anchor: middle;
    }

    .handle {
      fill: var(--accent);
      stroke: var(--page);
      stroke-width: 1.5;
      cursor: grab;
    }

    .grip {
      cursor: ew-resize;
    }

    .handle:focus-visible {
      outline: none;
      stroke: var(--focus);
      stroke-width: 3;
    }

    .thumb {
      position: absolute;
      bottom: calc(20px + ${margin.bottom}px - 0.5rem);
      width: 1rem;
      height: 1rem;
      margin-left: -0.5rem;
      border: 2px solid var(--page);
      border-radius: 50%;
      background: var(--ink);
      forced-color-adjust: none;
    }

    @media (max-height: 30rem) {
      ${folded}
    }

    @container (max-width: 600px) {
      ${folded}
    }

    @media (pointer: coarse) {
      .controls select,
      .controls button {
        height: 2.75rem;
        font-size: 1rem;
      }

      .thumb {
        width: 1.5rem;
        height: 1.5rem;
        margin-left: -0.75rem;
        bottom: calc(20px + ${margin.bottom}px - 0.75rem);
      }
    }
  `,
];
