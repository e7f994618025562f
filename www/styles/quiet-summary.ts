// The line that opens what is seldom wanted; shared by those there are.
import { css } from 'lit';

export const quietSummary = css`
  summary {
    width: fit-content;
    max-width: 100%;
    color: var(--ink-soft);
    font-size: var(--size-small);
    line-height: 1.75rem;
    cursor: pointer;
  }
`;
