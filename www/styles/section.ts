// The look of a foldable section below the instrument; shared by those there are.
import { css } from 'lit';

export const section = css`
  :host {
    display: block;
    border-top: 1px solid var(--line);
  }

  summary {
    width: fit-content;
    padding-block: var(--space-3);
    cursor: pointer;
  }

  h2 {
    display: inline;
    margin: 0;
    font-size: var(--size-large);
    font-weight: 600;
    letter-spacing: -0.01em;
  }

  .count,
  .hint {
    color: var(--ink-soft);
    font-size: var(--size-small);
  }

  .hint {
    max-width: 46rem;
    margin: 0 0 var(--space-4);
    text-wrap: pretty;
  }

  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-4);
    align-items: center;
    margin-bottom: var(--space-3);
    font-size: var(--size-small);
  }

  .target,
  .buttons,
  .undo {
    display: inline-flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }

  details[open] {
    padding-bottom: var(--space-6);
  }

  @media (pointer: coarse) {
    summary {
      min-height: 2.75rem;
    }
  }
`;
