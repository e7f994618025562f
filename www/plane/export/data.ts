// Particles, trajectories and metrics as CSV and JSON. Numbers read back exactly: of f32 the fewest digits that do.
import { AdvisedError } from '../../engine/failure.js';
import { yieldToPage, untilComplete } from '../../export/export-source.js';
import { openingInWords, recordOf } from '../../export/record.js';
import type { Patience } from '../../lab/request.js';
import type { PlaneSource } from './source.js';

/** Milliseconds of work between two breaths of the page. */
const atATime = 8;
/** Particles whose trajectories are read at once. */
const chunk = 1024;

/** The fewest digits that give an f32 back. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let precision = 6; precision < 9; precision++) {
    const rounded = Number(value.toPrecision(precision));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** Grows a file piece by piece, so that it is never one long text. */
class Writer {
  readonly #parts: Blob[] = [];
  #text = '';
  #begun = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  add(text: string): void {
    this.#text += text;
  }

  /** To be waited for now and then. */
  async rest(): Promise<void> {
    if (performance.now() - this.#begun < atATime) return;
    this.#keep();
    await yieldToPage(this.signal);
    this.#begun = performance.now();
  }

  end(type: string): Blob {
    this.#keep();
    return new Blob(this.#parts, { type });
  }

  #keep(): void {
    this.#parts.push(new Blob([this.#text]));
    this.#text = '';
  }
}

/** Rows before which lines that begin with `#` say what they were made with, which pandas and R are told to skip. */
function begin(writer: Writer, source: PlaneSource, what: string, columns: string): void {
  const { program, version, state, panels } = recordOf(source);
  const lines = [
    `${program} ${version}: ${what}`,
    `state: ${state || openingInWords}`,
    ...panels.map(({ title, config }, index) => `panel ${index + 1}: ${title}: ${JSON.stringify(config)}`),
    'pandas.read_csv(..., comment="#"); in R read.csv(..., comment.char = "#")',
  ];
  writer.add(`${lines.map((line) => `# ${line}\r\n`).join('')}${columns}\r\n`);
}

/** Where all particles are at the step that is shown. */
export async function writeParticles(source: PlaneSource, { signal, progress }: Patience = {}): Promise<Blob> {
  const { state, panels, noiseLevels } = source;
  const writer = new Writer(signal);
  const step = Math.round(state.playback.position);
  begin(writer, source, `particles after step ${step} of ${state.sampling.levels.steps}`, 'panel,particle,step,sigma,x,y');
  for (const [index, { run }] of panels.entries()) {
    if (!run?.started) continue;
    const shown = Math.min(step, run.stepsDone);
    const positions = await run.backend.positions(run, shown);
    if (!positions) continue;
    const before = (particle: number) => `${index + 1},${particle},${shown},${noiseLevels[shown] ?? ''}`;
    for (let at = 0; at < positions.length; at += 2) {
      writer.add(`${before(at / 2)},${digits(positions[at]!)},${digits(positions[at + 1]!)}\r\n`);
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
  const writer = new Writer(patience.signal);
  begin(writer, source, 'trajectories', 'panel,particle,step,sigma,x,y');
  await eachPath(source, patience, async (panel, particle, path) => {
    for (let at = 0; at < path.length; at += 2) {
      const step = at / 2;
      writer.add(`${panel + 1},${particle},${step},${noiseLevels[step]},${digits(path[at]!)},${digits(path[at + 1]!)}\r\n`);
    }
    await writer.rest();
  });
  return writer.end('text/csv');
}

/** Everything that is set, the metrics, and where particles end: or, instead of that, all of their ways. */
export async function writeJson(source: PlaneSource, trajectories: boolean, patience: Patience = {}): Promise<Blob> {
  await untilComplete(source, patience.signal);
  const writer = new Writer(patience.signal);
  const { panels, ...head } = recordOf(source);
  const results = source.panels.map(({ run }, index) => ({
    ...panels[index]!,
    engine: run?.backend.kind ?? null,
    evaluations: run?.evaluations ?? null,
    milliseconds: run?.milliseconds ?? null,
    failure: run?.failure ?? null,
    metrics: run?.metrics ?? null,
  }));
  const whole = { ...head, noiseLevels: Array.from(source.noiseLevels), panels: results };
  const written = JSON.stringify(whole, null, 2);
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

/** A panel has begun to sample something else meanwhile. */
export function changed(): AdvisedError {
  return new AdvisedError('changed', 'A panel was changed while it was being saved.', 'Try again, and wait with changes until it is done.');
}
