// Room for a figure before it is there, so that the text below does not move far when it comes.

/** Rows of a panel besides its picture, and the clock with its strip, in pixels. */
const [rows, clock] = [215, 175];
/** Below this width panels stand in a row that is moved sideways: see the instrument's styles. */
const narrow = 560;
const [narrowShare, greatest, gap] = [0.86, 576, 40];
const mostColumns = 4;

/** Pixels, for so many panels in a figure of this width. */
export function reservedHeight(width: number, panels: number): number {
  const columns = panels <= mostColumns ? panels : Math.ceil(panels / 2);
  if (width < narrow) return narrowShare * width + rows + clock + 60;
  const side = Math.min((width - gap * (columns - 1)) / columns, greatest);
  return Math.ceil(panels / columns) * (side + rows) + clock;
}
