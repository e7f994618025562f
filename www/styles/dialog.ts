// The look of a modal dialogue; shared by those there are.
import { css } from 'lit';

export const dialog = css`
  dialog {
    box-sizing: border-box;
    width: min(100vw - 2rem, var(--widest, 46rem));
    max-height: calc(100dvh - 2rem);
    padding: var(--space-4);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--page);
    color: var(--ink);
    overflow-y: auto;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 40%);
  }
`;
