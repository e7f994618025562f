// Data of the panels as text, grown piece by piece. Numbers read back exactly: of f32 the fewest digits that do.
import { yieldToPage } from './export-source.js';
import { openingInWords, recordOf, type ExportRecord } from './record.js';
import type { ExportSource } from '../lab/lab.js';
import type { Failure } from '../engine/types.js';

/** Milliseconds of work between two breaths of the page. */
const atATime = 8;

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
export class Writer {
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

/** How CSV begins: lines of `#`, which pandas and R are told to skip, say what its rows were made with. */
export function beginOfCsv(source: ExportSource, what: string): string {
  const { program, version, state, panels } = recordOf(source);
  const lines = [
    `${program} ${version}: ${what}`,
    `state: ${state || openingInWords}`,
    ...panels.map(({ title, config }, index) => `panel ${index + 1}: ${title}: ${JSON.stringify(config)}`),
    'pandas.read_csv(..., comment="#"); in R read.csv(..., comment.char = "#")',
  ];
  return lines.map((line) => `# ${line}\r\n`).join('');
}

/** What came of a panel, besides what was set. */
interface Outcome {
  engine: string | null;
  /** Of models, for each sample. */
  evaluations: number | null;
  milliseconds: number | null;
  failure: Failure | null;
  metrics: object | null;
}

interface Results extends ExportRecord {
  noiseLevels: number[];
  panels: (ExportRecord['panels'][number] & Outcome)[];
}

/** Everything that is set, and what came of it. */
export function resultsOf(source: ExportSource): Results {
  const { panels, ...head } = recordOf(source);
  const results = source.panels.map(({ run }, index) => ({
    ...panels[index]!,
    engine: run?.backend.kind ?? null,
    evaluations: run?.evaluations ?? null,
    milliseconds: run?.milliseconds ?? null,
    failure: run?.failure ?? null,
    metrics: run?.metrics ?? null,
  }));
  return { ...head, noiseLevels: Array.from(source.noiseLevels), panels: results };
}
