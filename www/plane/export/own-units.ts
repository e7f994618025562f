// What the plane shows of points of one's own, in their units.

/** What one unit of the plane is in the units of the points that were brought, and where its origin is there: of no other data. */
export interface OwnUnits {
  unit: number;
  origin: [x: number, y: number];
}

/** Read from the name of the data, which has been sampled. */
export function ownUnitsOf(distribution: string): OwnUnits | null {
  const [, head] = /^points-(.*)~/.exec(distribution) ?? [];
  if (head === undefined) return null;
  const [unit, x, y] = head.split('~').map(Number) as [number, number, number];
  return { unit, origin: [x, y] };
}

/** A place of the plane. */
export function inOwnUnits({ unit, origin }: OwnUnits, x: number, y: number): [x: number, y: number] {
  // An f32 has no more digits, nor a number beside which it was small.
  return [origin[0] + unit * x, origin[1] + unit * y].map((each) => Number(each.toPrecision(9))) as [number, number];
}
