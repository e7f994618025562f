// What of one description is otherwise in another.
import { at, withAt } from './pointer.js';

/** The ways to what is otherwise in `to`, and what is there: as deep as both have the same fields. */
export function differences(base: unknown, to: unknown, path: string[] = []): [string[], unknown][] {
  if (base === to || isEqual(base, to)) return [];
  const alike = isRecord(base) && isRecord(to) && Object.keys(base).join() === Object.keys(to).join();
  if (!alike) return [[path, to]];
  return Object.keys(to).flatMap((key) => differences(base[key], to[key], [...path, key]));
}

/** A description changed as another one was, `before` to `after`; null where it was not as that in what was changed. */
export function alsoChanged<T>(description: T, before: unknown, after: unknown): T | null {
  const changed = differences(before, after).map(([path, value]) => ({ pointer: path.map((key) => `/${key}`).join(''), value }));
  if (changed.some(({ pointer }) => !isEqual(at(description, pointer), at(before, pointer)))) return null;
  return changed.reduce((made, { pointer, value }) => withAt(made, pointer, value), description);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
