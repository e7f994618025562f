// Which of a list's items is chosen while one types, as the combobox pattern of ARIA has it.

export interface Choice {
  open: boolean;
  /** The item that Enter takes; -1 is none. */
  active: number;
}

export const closed: Choice = { open: false, active: -1 };

/** After a key, with so many items; null where the key is the text's own. */
export function press({ open, active }: Choice, key: string, count: number): Choice | null {
  if (count === 0) return key === 'Escape' && open ? closed : null;
  switch (key) {
    case 'ArrowDown':
      return { open: true, active: open ? (active + 1) % count : 0 };
    case 'ArrowUp':
      return { open: true, active: open && active > 0 ? active - 1 : count - 1 };
    case 'Escape':
      return open ? closed : null;
    default:
      return null;
  }
}
