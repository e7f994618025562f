// The values of a sweep, and the order in which they are tried.

/** Evenly from one number to another; whole numbers, each once, where only those are accepted. */
export function valuesBetween(from: number, to: number, count: number, whole: boolean): number[] {
  const values = Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
  // To the digits that a person would type.
  const tidy = values.map((value) => (whole ? Math.round(value) : Number(value.toPrecision(12))));
  return [...new Set(tidy)];
}

/** The ends first, then always the middle of what is left: the curve is there early, and grows finer. */
export function coarseToFine(count: number): number[] {
  const order = [...new Set([0, count - 1])];
  for (let gaps = [[0, count - 1]]; gaps.length > 0; ) {
    const halves: number[][] = [];
    for (const [from, to] of gaps as [number, number][]) {
      if (to - from < 2) continue;
      const middle = (from + to) >> 1;
      order.push(middle);
      halves.push([from, middle], [middle, to]);
    }
    gaps = halves;
  }
  return order;
}
