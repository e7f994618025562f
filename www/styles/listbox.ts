// The list of what may be chosen beneath a field that one types in; shared by those there are.
import { css } from 'lit';

export const listbox = css`
  [role='listbox'] {
    position: absolute;
    z-index: 2;
    inset: calc(100% + 2px) 0 auto;
    max-height: var(--highest, 18rem);
    margin: 0;
    padding: var(--space-1) 0;
    overflow-y: auto;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    list-style: none;
  }

  [role='option'] {
    display: flex;
    gap: var(--space-2);
    align-items: center;
    padding: var(--space-1) var(--space-2);
    font-size: var(--size-small);
    cursor: pointer;
  }

  [role='option'][aria-selected='true'] {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }

  [role='option'] span:last-child {
    margin-left: auto;
    color: var(--ink-soft);
  }
`;
