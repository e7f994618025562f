// Room for an embed before it is there, so that the text below does not move far when it comes.
import { columnsOf, narrow } from '../styles/layout.js';

/** Rows of a panel besides its picture, and the clock with its strip, in pixels. */
const [rows, clock] = [215, 175];
/** As in the instrument's styles: a panel's share of a narrow embed, its greatest width, and what is between panels. */
const [narrowShare, greatest, gap] = [0.86, 576, 40];

/** Pixels, for so many panels in an embed of this width. */
export function reservedHeight(width: number, panels: number): number {
  const columns = columnsOf(panels);
  if (width < narrow.embed) return narrowShare * width + rows + clock + 60;
  const side = Math.min((width - gap * (columns - 1)) / columns, greatest);
  return Math.ceil(panels / columns) * (side + rows) + clock;
}
