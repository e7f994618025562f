// The page's side of the engine: asks the worker for runs and keeps what comes back.
import type { Limits, RunConfig, SchemeInfo, View } from '../../pkg/guidance_playground.js';
import type { ClassName, Failure, Report, Request, Rings } from './protocol.js';
import { RunRecord } from './run-record.js';

/** Particles of a preview. */
const previewParticles = 512;

/** The core's tables, once it is loaded. */
export interface Core {
  schemes: SchemeInfo[];
  limits: Limits;
  overview: View;
}

/** A panel's runs: what it shows, and what will take its place. */
export interface PanelRuns {
  shown: RunRecord | null;
  pending: RunRecord | null;
  /** A preview asked for while another was under way: only the latest is kept. */
  waiting: RunConfig | null;
}

export class Engine {
  core: Core | null = null;
  failure: Failure | null = null;
  outlines: ReadonlyMap<ClassName, Rings> = new Map();
  readonly #panels = new Map<number, PanelRuns>();
  readonly #worker: Worker;
  #runs = 0;

  constructor(private readonly changed: () => void) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<Report>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.failure = {
        code: 'engine-stopped',
        message: 'The sampler could not be started, or stopped without a word.',
        advice: 'Check the connection, then try again.',
      };
      this.changed();
    };
  }

  dispose(): void {
    this.#worker.terminate();
  }

  runs(panel: number): PanelRuns {
    let runs = this.#panels.get(panel);
    if (!runs) {
      runs = { shown: null, pending: null, waiting: null };
      this.#panels.set(panel, runs);
    }
    return runs;
  }

  /** Samples anew, in place of whatever the panel was computing. */
  run(panel: number, config: RunConfig): void {
    const runs = this.runs(panel);
    runs.waiting = null;
    runs.pending = this.#request(panel, config, false);
  }

  /** Samples a few particles. A preview under way is let finish, or fast dragging would show nothing. */
  preview(panel: number, config: RunConfig): void {
    const runs = this.runs(panel);
    if (runs.pending?.preview) {
      runs.waiting = config;
      return;
    }
    const particles = Math.min(previewParticles, config.particles);
    runs.pending = this.#request(panel, { ...config, particles }, true);
  }

  /** Lets runs that have reached the clock's position take their panels. */
  settle(position: number): void {
    for (const [panel, runs] of this.#panels) {
      const { pending } = runs;
      if (!pending) continue;
      const replaceable = runs.shown === null || runs.shown.failure !== null;
      if (pending.failure || pending.reaches(position) || (replaceable && pending.started)) {
        runs.shown = pending;
      }
      if (runs.shown === pending && (pending.finished || pending.failure)) {
        runs.pending = null;
        const { waiting } = runs;
        runs.waiting = null;
        if (waiting) this.preview(panel, waiting);
      }
    }
  }

  #request(panel: number, config: RunConfig, preview: boolean): RunRecord {
    const record = new RunRecord(++this.#runs, panel, config, preview);
    const request: Request = { type: 'run', run: record.id, panel, config, preview };
    this.#worker.postMessage(request);
    return record;
  }

  #find(run: number): RunRecord | undefined {
    for (const { pending } of this.#panels.values()) if (pending?.id === run) return pending;
    return undefined;
  }

  #receive(report: Report): void {
    if (report.type === 'ready') {
      this.core = { schemes: report.schemes, limits: report.limits, overview: report.overview };
    } else if (report.type === 'outline') {
      this.outlines = new Map([...this.outlines, [report.classes, report.rings]]);
    } else if (report.type === 'unavailable') {
      this.failure = report.failure;
    } else {
      // A report of a run that has been replaced says nothing any more.
      const record = this.#find(report.run);
      if (record) receiveInto(record, report);
    }
    this.changed();
  }
}

function receiveInto(record: RunRecord, report: Report): void {
  switch (report.type) {
    case 'fetching':
      record.networks = { loaded: report.loaded, total: report.total };
      break;
    case 'started':
      record.noiseLevels = new Float64Array(report.noiseLevels);
      record.positions.push(report.positions);
      break;
    case 'stepped':
      record.positions.push(report.positions);
      record.evaluations = report.evaluations;
      break;
    case 'finished':
      record.metrics = report.metrics;
      break;
    case 'failed':
      record.failure = report.failure;
  }
}
