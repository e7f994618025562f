// Where pictures stand beside each other.

/** Pixels of a picture's side. */
export const side = 32;
/** Pixels between two pictures. */
export const gap = 1;

export interface Grid {
  columns: number;
  rows: number;
}

/** As square as it can be. */
export function gridOf(count: number): Grid {
  const columns = Math.ceil(Math.sqrt(count));
  return { columns, rows: Math.ceil(count / columns) };
}

/** Pixels of a row, or a column, of so many pictures. */
export function extent(many: number): number {
  return many * (side + gap) - gap;
}

/** Another picture of a grid, by a key; null for keys that lead to none. */
export function neighbour(key: string, picture: number, count: number, columns: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -picture,
    End: count - 1 - picture,
  };
  const by = steps[key];
  if (by === undefined) return null;
  const next = picture + by;
  return next < 0 || next >= count ? picture : next;
}
