// Lines around where a grid's values reach a level: marching squares, of which d3-contour makes four times as many bytes.

/**
 * Closed lines x, y, x, y, ..., which end where they begin. Each value stands in the middle of its cell, a square of side 1; what is no
 * number, and all beyond the grid, is below every level. Values that touch at a corner only are apart.
 */
export function isolines(values: ArrayLike<number>, columns: number, rows: number, level: number): number[][] {
  // Cells of the grid count from 1, so that those beside it have numbers, too.
  const width = columns + 2;
  const beside = (x: number, y: number) => x < 1 || y < 1 || x > columns || y > rows;
  const value = (x: number, y: number) => values[(y - 1) * columns + x - 1]!;
  const reaches = (x: number, y: number) => !beside(x, y) && value(x, y) >= level;

  // Lines go from border to border: that to the right of cell (x, y), and, odd, the one beneath it. No line passes border 0.
  const next = new Int32Array(2 * width * (rows + 2));
  const passed: number[] = [];
  for (let y = 0; y <= rows; y++) {
    // Which of four cells reach it, clockwise from the upper left one, (x, y).
    let around = 0;
    for (let x = 0; x <= columns; x++) {
      const [above, below] = [reaches(x + 1, y), reaches(x + 1, y + 1)];
      around = ((around & 2) >> 1) | ((around & 4) << 1) | (above ? 2 : 0) | (below ? 4 : 0);
      if (around === 0 || around === 15) continue;
      const cell = 2 * (y * width + x);
      const borders = [cell, cell + 3, cell + 2 * width, cell + 1];
      const there = (corner: number) => (around >> (corner % 4)) & 1;
      for (let from = 0; from < 4; from++) {
        if (there(from) || !there(from + 1)) continue;
        let to = from + 1;
        while (there(to + 1)) to++;
        next[borders[from]!] = borders[to % 4]!;
        passed.push(borders[from]!);
      }
    }
  }

  /** How far the level is from one value to another. */
  const share = (x: number, y: number, toX: number, toY: number) => {
    if (beside(x, y) || beside(toX, toY)) return 0.5;
    const [from, to] = [value(x, y), value(toX, toY)];
    if (!Number.isFinite(from)) return 1;
    return Number.isFinite(to) ? (level - from) / (to - from) : 0;
  };
  const lines: number[][] = [];
  for (const first of passed) {
    const line: number[] = [];
    for (let at = first; next[at]; ) {
      const cell = at >> 1;
      const x = cell % width;
      const y = (cell - x) / width;
      if (at % 2) line.push(x - 0.5, y - 0.5 + share(x, y, x, y + 1));
      else line.push(x - 0.5 + share(x, y, x + 1, y), y - 0.5);
      const after = next[at]!;
      next[at] = 0;
      at = after;
    }
    if (line.length > 0) lines.push([...line, line[0]!, line[1]!]);
  }
  return lines;
}
