// Native controls, quietly dressed; shared by all elements.
import { css } from 'lit';

/** Seen by none, heard by those who do not see. */
export const visuallyHidden = css`
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export const controls = css`
  ${visuallyHidden}

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }

  /* What gets the focus comes out from under what sticks to the window's foot. */
  a,
  button,
  select,
  input,
  summary {
    scroll-margin-bottom: var(--covered, 0);
  }

  button,
  select,
  input {
    margin: 0;
    color: var(--ink);
    font: inherit;
    font-size: var(--size-small);
  }

  button,
  select,
  input[type='number'] {
    height: 2rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }

  button {
    padding: 0 var(--space-3);
    font-weight: 500;
    cursor: pointer;
  }

  /* One look in all browsers, whose own menus differ: the arrow is two triangles that touch. */
  select {
    --inset: var(--space-2);
    --half: 0.25rem;
    appearance: none;
    padding: 0 calc(var(--inset) + 4 * var(--half)) 0 var(--inset);
    background-image:
      linear-gradient(45deg, transparent 50%, currentcolor 0), linear-gradient(-45deg, transparent 50%, currentcolor 0);
    background-position:
      right calc(var(--inset) + var(--half)) center,
      right var(--inset) center;
    background-size: var(--half) var(--half);
    background-repeat: no-repeat;
    text-overflow: ellipsis;
  }

  input[type='number'] {
    padding: 0 0 0 var(--space-2);
    font-variant-numeric: tabular-nums;
  }

  /* Its arrows come when they can be used, as in Chromium. */
  input[type='number']:not(:hover, :focus) {
    appearance: textfield;
  }

  input[type='number']:not(:hover, :focus)::-webkit-inner-spin-button {
    opacity: 0;
  }

  button:hover,
  select:hover,
  input[type='number']:hover {
    border-color: var(--line-strong);
  }

  :disabled,
  [aria-disabled='true'] {
    opacity: 0.45;
    cursor: default;
  }

  input[type='range'] {
    appearance: none;
    height: 1.75rem;
    background: transparent;
    cursor: pointer;
    touch-action: pan-y;
  }

  input[type='range']::-webkit-slider-runnable-track {
    height: 3px;
    border-radius: 2px;
    background: var(--track);
  }

  input[type='range']::-moz-range-track {
    height: 3px;
    border-radius: 2px;
    background: var(--track);
  }

  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 1rem;
    height: 1rem;
    margin-top: calc(1.5px - 0.5rem);
    border: 2px solid var(--page);
    border-radius: 50%;
    background: var(--ink);
  }

  input[type='range']::-moz-range-thumb {
    width: 0.75rem;
    height: 0.75rem;
    border: 2px solid var(--page);
    border-radius: 50%;
    background: var(--ink);
  }

  input[type='checkbox'],
  input[type='radio'] {
    accent-color: var(--accent);
  }

  label {
    color: var(--ink-soft);
    font-size: var(--size-small);
  }

  .formula {
    font-family: var(--font-math);
    line-height: 1.35;
    text-wrap: pretty;
  }

  /* As it was typed. */
  code.formula {
    font: var(--size-small) / 1.35 ui-monospace, monospace;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  i {
    font-family: var(--font-math);
  }

  sub,
  sup {
    font-size: 0.7em;
    line-height: 0;
  }

  @media (forced-colors: active) {
    select,
    input[type='range'] {
      appearance: auto;
    }
  }

  @media (pointer: coarse) {
    button,
    select,
    input[type='number'] {
      height: 2.75rem;
      /* Smaller text makes a phone zoom in on focus. */
      font-size: 1rem;
    }

    input[type='range'] {
      height: 2.75rem;
    }
  }
`;
