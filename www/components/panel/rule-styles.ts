// The look of the editor of rules of one's own.
import { css } from 'lit';

export const ruleStyles = css`
  :host {
    display: grid;
    gap: var(--space-2);
    min-width: 0;
    padding-block: var(--space-2);
  }

  .entry {
    position: relative;
  }

  .text {
    display: grid;
    min-height: 6rem;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
  }

  .text:focus-within {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }

  /* One on the other, letter on letter. */
  pre,
  textarea {
    grid-area: 1 / 1;
    min-width: 0;
    margin: 0;
    padding: var(--space-2);
    border: 0;
    font-family: ui-monospace, monospace;
    font-size: var(--size-small);
    line-height: 1.6;
    letter-spacing: normal;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    tab-size: 2;
  }

  pre {
    color: var(--ink);
    pointer-events: none;
  }

  textarea {
    display: block;
    width: 100%;
    height: 100%;
    overflow: hidden;
    background: none;
    color: transparent;
    caret-color: var(--ink);
    outline: none;
    resize: none;
  }

  textarea::selection {
    background: color-mix(in srgb, var(--focus) 30%, transparent);
    color: transparent;
  }

  .main,
  .guide,
  .answer {
    color: var(--quantity);
    font-weight: 600;
  }

  .answer {
    --quantity: var(--quantity-result);
  }

  .memory {
    color: var(--quantity-difference);
  }

  .word,
  .function {
    font-weight: 600;
  }

  .remark {
    color: var(--ink-soft);
  }

  .wrong {
    text-decoration: underline wavy var(--accent);
    text-underline-offset: 0.2em;
  }

  p {
    margin: 0;
    color: var(--ink-soft);
    font-size: var(--size-small);
    line-height: 1.45;
    overflow-wrap: anywhere;
  }

  /* Under its place, unless too little room were left. */
  .mistake {
    padding-left: min(var(--inset), 40%);
    color: var(--accent);
  }

  [role='listbox'] {
    --highest: 14rem;
  }

  .row {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: var(--space-1) var(--space-2);
    align-items: center;
  }

  .row > input {
    width: 100%;
    height: 2rem;
    padding: 0 var(--space-2);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }

  dl {
    margin: var(--space-2) 0 0;
    font-size: var(--size-small);
    line-height: 1.45;
  }

  dd {
    margin: 0 0 var(--space-2);
    color: var(--ink-soft);
  }

  code {
    font-family: ui-monospace, monospace;
  }

  /* Where colours are the system's, what is typed has its own. */
  @media (forced-colors: active) {
    pre {
      visibility: hidden;
    }

    textarea {
      color: FieldText;
    }
  }

  @media (pointer: coarse) {
    pre,
    textarea,
    .row > input {
      font-size: 1rem;
    }

    .row > input,
    li,
    summary {
      min-height: 2.75rem;
      line-height: 2.75rem;
    }
  }
`;
