// What panels show of their pictures at a moment, as data.
import { changed } from '../../export/export-source.js';
import type { ImagesRecord } from '../engine/backend.js';
import type { Drawn } from './draw-grid.js';
import type { ImagesShown, ImagesSource } from './source.js';

/** The picture that is lit; null if none is. */
function litOf({ state }: ImagesSource, { config: { pictures } }: ImagesRecord): number | null {
  const lit = state.linked[0];
  return lit !== undefined && lit < pictures ? lit : null;
}

/** How many pictures a panel shows: all, or the lit one alone. */
export function countOf({ state: { look, linked, sampling } }: ImagesSource): number {
  return look.large && linked.length > 0 ? 1 : sampling.pictures;
}

/** The step that a panel shows: the last that the clock has passed. */
export function stepOf({ position }: ImagesShown): number {
  return Math.floor(position);
}

/** What a panel shows after so many steps; null where there is nothing to be seen. */
export async function seenOf(source: ImagesSource, { run }: ImagesShown, step: number, signal?: AbortSignal): Promise<Drawn | null> {
  if (!run?.started) return null;
  const lit = litOf(source, run);
  const alone = source.state.look.large && lit !== null;
  const data = await dataOf(source, run, step, alone ? { first: lit, count: 1 } : { first: 0, count: run.config.pictures }, signal);
  return data && { data, lit: alone ? null : lit };
}

/** Some of a run's pictures as they are looked at, after so many steps; null of a guide where there is none. */
export async function dataOf(
  { engine, state: { look } }: ImagesSource,
  run: ImagesRecord,
  step: number,
  { first, count }: { first: number; count: number },
  signal?: AbortSignal,
): Promise<Float32Array | null> {
  const { config } = run;
  const { shows } = look;
  const frame = run.backend.frame(run, Math.min(step, run.stepsDone));
  if (!frame) throw changed();
  const numbers = frame.data.length / config.pictures;
  const part = (all: Float32Array) => all.slice(first * numbers, (first + count) * numbers);
  if (shows === 'picture') return part(frame.data);
  if (shows === 'guided') return part(frame.estimates);
  if (shows === 'guide' && !config.scheme.guide) return null;
  const question = { type: 'estimates', config, first, data: part(frame.data), step: Math.min(step, run.stepsDone) } as const;
  return (await engine.ask(question, signal))[shows];
}
