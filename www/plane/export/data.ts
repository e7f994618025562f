// Particles, trajectories and metrics as CSV and JSON.
import { changed, untilComplete } from '../../export/export-source.js';
import { digits, beginOfCsv, resultsOf, Writer } from '../../export/writer.js';
import type { Patience } from '../../lab/request.js';
import { inOwnUnits, ownUnitsOf } from './own-units.js';
import type { PlaneSource } from './source.js';

/** Particles whose trajectories are read at once. */
const chunk = 1024;
const columns = 'panel,particle,step,sigma,x,y';

/** The header and a place's columns: of points of one's own in their units, too. */
function placesOf({ state }: PlaneSource): { columns: string; place: (x: number, y: number) => string } {
  const own = ownUnitsOf(state.sampling.distribution);
  const inPlane = (x: number, y: number) => `${digits(x)},${digits(y)}`;
  if (!own) return { columns, place: inPlane };
  return { columns: `${columns},own_x,own_y`, place: (x, y) => `${inPlane(x, y)},${inOwnUnits(own, x, y).join()}` };
}

/** Where all particles are at the step that is shown. */
export async function writeParticles(source: PlaneSource, { signal, progress }: Patience = {}): Promise<Blob> {
  // A panel whose next run takes its place meanwhile would lose what is read.
  await untilComplete(source, signal);
  const { state, panels, noiseLevels } = source;
  const writer = new Writer(signal);
  const step = Math.round(state.playback.position);
  const { columns, place } = placesOf(source);
  writer.add(`${beginOfCsv(source, `particles after step ${step} of ${state.sampling.levels.steps}`)}${columns}\r\n`);
  for (const [index, { run }] of panels.entries()) {
    if (!run?.started) continue;
    const shown = Math.min(step, run.stepsDone);
    const positions = await run.backend.positions(run, shown);
    if (!positions) throw changed();
    const before = (particle: number) => `${index + 1},${particle},${shown},${noiseLevels[shown] ?? ''}`;
    for (let at = 0; at < positions.length; at += 2) {
      writer.add(`${before(at / 2)},${place(positions[at]!, positions[at + 1]!)}\r\n`);
      if (at % 512 === 0) await writer.rest();
    }
    progress?.((index + 1) / panels.length);
  }
  return writer.end('text/csv');
}

/** Where all particles are at every step. */
export async function writeTrajectories(source: PlaneSource, patience: Patience = {}): Promise<Blob> {
  await untilComplete(source, patience.signal);
  const { noiseLevels } = source;
  const { columns, place } = placesOf(source);
  const writer = new Writer(patience.signal);
  writer.add(`${beginOfCsv(source, 'trajectories')}${columns}\r\n`);
  await eachPath(source, patience, async (panel, particle, path) => {
    for (let at = 0; at < path.length; at += 2) {
      const step = at / 2;
      writer.add(`${panel + 1},${particle},${step},${noiseLevels[step]},${place(path[at]!, path[at + 1]!)}\r\n`);
    }
    await writer.rest();
  });
  return writer.end('text/csv');
}

/** Everything that is set, the metrics, and where particles end: or, instead of that, all of their ways. */
export async function writeJson(source: PlaneSource, trajectories: boolean, patience: Patience = {}): Promise<Blob> {
  await untilComplete(source, patience.signal);
  const writer = new Writer(patience.signal);
  const { panels } = source;
  const ownUnits = ownUnitsOf(source.state.sampling.distribution);
  const written = JSON.stringify({ ...resultsOf(source), ...(ownUnits && { ownUnits }) }, null, 2);
  writer.add(written.slice(0, written.lastIndexOf('\n}')));
  writer.add(`,\n  ${trajectories ? '"trajectories"' : '"ends"'}: [`);
  // Not JSON.stringify, which would write an f32 with the digits of an f64. A number that is none is null.
  const list = (numbers: Float32Array) => `[${Array.from(numbers, (each) => (Number.isFinite(each) ? digits(each) : 'null')).join()}]`;
  let before = -1;
  await eachPath(source, patience, async (panel, particle, path) => {
    for (; before < panel; before++) writer.add(before < 0 ? '\n    [' : '],\n    [');
    writer.add(`${particle === 0 ? '' : ','}${trajectories ? '\n      ' : ''}${list(trajectories ? path : path.subarray(-2))}`);
    await writer.rest();
  });
  for (; before < panels.length - 1; before++) writer.add(before < 0 ? '\n    [' : '],\n    [');
  writer.add(']\n  ]\n}\n');
  return writer.end('application/json');
}

/** Every particle's way, panel by panel: those of a panel that has none are left out. */
async function eachPath(
  { panels }: PlaneSource,
  { signal, progress = () => {} }: Patience,
  hear: (panel: number, particle: number, path: Float32Array) => Promise<void>,
): Promise<void> {
  for (const [index, { run }] of panels.entries()) {
    if (!run?.finished) continue;
    const count = run.config.particles;
    for (let first = 0; first < count; first += chunk) {
      const numbers = Uint32Array.from({ length: Math.min(chunk, count - first) }, (_, each) => first + each);
      const paths = await run.backend.paths(run, numbers);
      if (!paths) throw changed();
      const length = paths.length / numbers.length;
      for (let each = 0; each < numbers.length; each++) {
        await hear(index, first + each, paths.subarray(each * length, (each + 1) * length));
      }
      progress((index + (first + numbers.length) / count) / panels.length);
      signal?.throwIfAborted();
    }
  }
}
