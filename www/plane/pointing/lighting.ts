// The particles that are lit: their paths in every panel, where they would have gone unguided, and what became of them.
import type { Lit } from '../drawing/lit-shapes.js';
import type { PlaneEngine } from '../engine/engine.js';
import { toFailure } from '../../engine/failure.js';
import type { PlaneRecord } from '../engine/backend.js';
import { planeSchemes } from '../schemes.js';

/** A question under way, or its answer. */
interface Entry {
  record: PlaneRecord;
  particles: string;
  lit: Lit | null;
  /** Why nothing is known, in a sentence. */
  failure: string;
  /** Gives the question up. */
  asking: AbortController;
}

export class Lighting {
  /** By panel. */
  readonly #entries = new Map<number, Entry>();

  constructor(
    readonly engine: PlaneEngine,
    private readonly changed: () => void,
  ) {}

  /** What is known of some particles in a panel, as its run ended; asks what is not, and says later that it has changed. */
  of(panel: number, record: PlaneRecord | null, particles: number[]): Lit | null {
    const known = this.#entries.get(panel);
    if (!record?.finished || particles.length === 0) {
      known?.asking.abort();
      this.#entries.delete(panel);
      return null;
    }
    const key = particles.join();
    if (known?.record === record && known.particles === key) return known.lit;
    known?.asking.abort();
    // What is lit stays until the next is known, as far as it is still meant and of the same run.
    const lit = known?.record === record && known.lit ? only(known.lit, particles) : null;
    const entry: Entry = { record, particles: key, lit, failure: '', asking: new AbortController() };
    this.#entries.set(panel, entry);
    void this.#ask(entry, particles);
    return entry.lit;
  }

  /** Why nothing is known of them in some panel, in a sentence; empty where nothing went wrong. */
  get failure(): string {
    return [...this.#entries.values()].find(({ failure }) => failure)?.failure ?? '';
  }

  async #ask(entry: Entry, particles: number[]): Promise<void> {
    const { record } = entry;
    const { signal } = entry.asking;
    const numbers = Uint32Array.from(particles);
    const twin = planeSchemes.unguided(record.config.scheme);
    try {
      const [paths, ghosts] = await Promise.all([
        record.backend.paths(record, numbers),
        twin && this.engine.ask({ type: 'trace', config: { ...record.config, scheme: twin }, particles: numbers }, signal),
      ]);
      if (!paths) return;
      const { distribution } = record.config;
      const facts = await this.engine.ask({ type: 'facts', distribution, positions: endsOf(paths, particles.length) }, signal);
      entry.lit = { particles, paths, ghosts: ghosts?.paths ?? null, facts };
      this.changed();
    } catch (thrown) {
      if (signal.aborted) return;
      entry.failure = toFailure(thrown).message;
      this.changed();
    }
  }
}

/** What is known of those of them that are still meant; null of none. */
export function only(lit: Lit, particles: number[]): Lit | null {
  const kept = lit.particles.flatMap((particle, index) => (particles.includes(particle) ? [index] : []));
  if (kept.length === lit.particles.length) return lit;
  if (kept.length === 0) return null;
  const of = (all: Float32Array) => {
    const length = all.length / lit.particles.length;
    const some = new Float32Array(length * kept.length);
    kept.forEach((index, place) => some.set(all.subarray(length * index, length * (index + 1)), length * place));
    return some;
  };
  return {
    particles: kept.map((index) => lit.particles[index]!),
    paths: of(lit.paths),
    ghosts: lit.ghosts && of(lit.ghosts),
    facts: of(lit.facts),
  };
}

/** Where a lit particle is at a position of the clock, on the straight line between two steps. */
export function placeOf({ paths, particles }: Lit, index: number, position: number): [number, number] {
  const length = paths.length / particles.length;
  const last = length / 2 - 1;
  const before = Math.min(Math.floor(position), last);
  const [from, to] = [index * length + 2 * before, index * length + 2 * Math.min(before + 1, last)];
  const along = (axis: number) => paths[from + axis]! + (position - before) * (paths[to + axis]! - paths[from + axis]!);
  return [along(0), along(1)];
}

/** The last point of each path. */
export function endsOf(paths: Float32Array, count: number): Float32Array {
  const length = paths.length / count;
  const ends = new Float32Array(2 * count);
  for (let particle = 0; particle < count; particle++) {
    ends.set(paths.subarray((particle + 1) * length - 2, (particle + 1) * length), 2 * particle);
  }
  return ends;
}

/** The particle nearest to a place, if one is within reach. */
export function nearest(positions: Float32Array, [x, y]: [number, number], reach: number): number | null {
  let found: number | null = null;
  let least = reach * reach;
  for (let at = 0; at < positions.length; at += 2) {
    const [dx, dy] = [positions[at]! - x, positions[at + 1]! - y];
    const distance = dx * dx + dy * dy;
    if (distance < least) [found, least] = [at / 2, distance];
  }
  return found;
}

/** The particles within a closed line, by the number of its crossings to their right. */
export function within(positions: Float32Array, outline: [number, number][]): number[] {
  const found: number[] = [];
  for (let at = 0; at < positions.length; at += 2) {
    const [x, y] = [positions[at]!, positions[at + 1]!];
    let inside = false;
    outline.forEach(([x1, y1], corner) => {
      const [x0, y0] = outline.at(corner - 1)!;
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    });
    if (inside) found.push(at / 2);
  }
  return found;
}

/** At most so many of a list, evenly chosen. */
export function some<T>(list: T[], most: number): T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]!);
}
