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

/** Every combination of values, the last one's changing fastest. */
export function combinations(axes: readonly (readonly number[])[]): number[][] {
  return axes.reduce<number[][]>((all, values) => all.flatMap((before) => values.map((value) => [...before, value])), [[]]);
}

/** The places of all combinations of so many values each: those of the coarsest grids first. */
export function gridsCoarseToFine(counts: readonly number[]): number[] {
  const ranks = counts.map((count) => {
    const rank: number[] = [];
    coarseToFine(count).forEach((place, when) => (rank[place] = when));
    return rank;
  });
  // A place is tried as soon as every one of its values would be, were they swept alone.
  const when = combinations(ranks).map((each) => Math.max(...each));
  return [...when.keys()].sort((a, b) => when[a]! - when[b]!);
}
