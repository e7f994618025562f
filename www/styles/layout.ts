// Where panels stand, before the instrument is there and in it.

/** Pixels of width below which panels stand in a row that is moved sideways: of an instrument with all, and of an embed. */
export const narrow = { instrument: 705, embed: 560 };

/** Panels side by side where there is room. */
const mostColumns = 4;

export function columnsOf(panels: number): number {
  return panels <= mostColumns ? panels : Math.ceil(panels / 2);
}
