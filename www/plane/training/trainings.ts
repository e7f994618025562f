// A training in the background of an instrument of the plane: what it is asked for, where it stands, and its networks, which panels
// follow as they learn.
import { addOwnNetwork } from '../../engine/own-networks.js';
import type { Failure } from '../../engine/types.js';
import type { Chosen } from '../../scheme/address.js';
import { withMain } from '../../scheme/own-network.js';
import type { ModelName } from '../../scheme/scheme.js';
import { repeatsMain, textOf, withGuide } from '../../scheme/table.js';
import { wishOf } from '../../state/changes.js';
import type { Session } from '../../state/session.js';
import type { TrainingProgress, TrainingSnapshot } from '../../training/job.js';
import { trainingName, type PlannedRun } from './plan.js';
import { savedTraining, startTraining, type TrainingHandle } from '../../training/training.js';
import { planeSchemes } from '../schemes.js';
import type { PlaneKinds } from '../state/kinds.js';

/** Under which name the browser keeps a training. */
const kept = 'page';

type Use = 'main' | 'guide';

/** Networks that take the place of others: by what those are, what their models become. */
type Successors = (model: ModelName, role: Use) => string | null;

/** A scheme with successors in the place of its networks; the same object where none has any. */
function succeeded({ choice, scheme }: Chosen, successors: Successors): Chosen['scheme'] {
  const [main, guide] = [successors(scheme.main, 'main'), scheme.guide && successors(scheme.guide, 'guide')];
  const next = main === null ? scheme : withMain(planeSchemes, choice, scheme, { model: main, condition: null });
  return guide === null || repeatsMain(planeSchemes.choiceOf(choice).kind) ? next : withGuide(next, { model: guide, condition: null });
}

export type Standing = 'none' | 'running' | 'pausing' | 'paused' | 'stopping';

export class Trainings {
  /** Of what is to be seen of it. */
  version = 0;
  standing: Standing = 'none';
  job: readonly PlannedRun[] = [];
  progress: TrainingProgress | null = null;
  /** Each run's curve, as far as it has come. */
  readonly curves: TrainingProgress['curve'][] = [];
  /** How the last one ended, in a sentence; empty before. */
  outcome = '';
  failure: Failure | null = null;
  /** The latest network of each run, to be saved. */
  readonly latest = new Map<number, { name: string; iteration: number; network: Uint8Array<ArrayBuffer> }>();
  /** A job that the page was left in. */
  left: { job: readonly PlannedRun[]; iteration: number; run: number } | null = null;
  #handle: TrainingHandle | null = null;
  /** Snapshots are taken in one after another. */
  #taking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: Session<PlaneKinds>,
    private readonly look: () => void,
  ) {
    void savedTraining(kept).then((saved) => {
      if (!saved || this.standing !== 'none') return;
      this.left = { job: saved.job as PlannedRun[], iteration: saved.iteration, run: saved.run };
      this.#changed();
    });
  }

  #changed(): void {
    this.version += 1;
    this.look();
  }

  /** Trains a job; one that the page was left in goes on where it stood. */
  start(job: readonly PlannedRun[]): void {
    this.job = job;
    this.left = null;
    this.progress = null;
    this.failure = null;
    this.outcome = '';
    this.curves.length = 0;
    this.latest.clear();
    this.standing = 'running';
    this.#handle = startTraining(
      job,
      {
        progress: (progress) => {
          this.progress = progress;
          this.curves[progress.run] = progress.curve;
          this.#changed();
        },
        snapshot: (snapshot) => {
          if (snapshot.kept) this.#taking = this.#taking.then(() => this.#take(snapshot)).catch(() => {});
        },
        paused: () => {
          this.standing = 'paused';
          this.#changed();
        },
        ended: (end) => {
          this.standing = 'none';
          this.#handle = null;
          if (end.type === 'failed') this.failure = end.failure;
          else this.outcome = end.type === 'done' ? 'Trained: the networks are among the models of all panels.' : 'Stopped.';
          this.#changed();
        },
      },
      { name: kept, engine: this.session.engine?.backend?.kind },
    );
    this.#changed();
  }

  pause(): void {
    this.standing = 'pausing';
    this.#handle?.pause();
    this.#changed();
  }

  resume(): void {
    this.standing = 'running';
    this.#handle?.resume();
    this.#changed();
  }

  stop(): void {
    this.standing = 'stopping';
    // One that rests ends as well.
    this.#handle?.stop();
    this.#changed();
  }

  async #take({ run, iteration, network }: TrainingSnapshot): Promise<void> {
    const of = this.job[run]!;
    const training = trainingName(of);
    const file = `${training}-${of.classes}-${iteration}`;
    const { name } = await addOwnNetwork(file, network, async () => `trained here for ${iteration} iterations`);
    planeSchemes.learn({
      name,
      model: name,
      training,
      iterations: iteration,
      data: of.data,
      condition: of.classes,
      noise: of.degreesOfFreedom === null ? 'gaussian' : { studentT: { degreesOfFreedom: of.degreesOfFreedom } },
      seed: of.seed,
      bytes: network.length,
    });
    const before = this.latest.get(run)?.name ?? null;
    this.latest.set(run, { name, iteration, network });
    if (this.session.settings.sampling.distribution === of.data) this.#follow(run, name, before);
    this.#changed();
  }

  /** Panels have a run's first network where they would have one that learned the same, and then each that comes after it. */
  #follow(run: number, name: string, before: string | null): void {
    const { classes, degreesOfFreedom } = this.job[run]!;
    const use: Use = run === 0 ? 'main' : 'guide';
    const first = (model: ModelName, role: Use) => {
      const of = planeSchemes.networkOf(textOf(model));
      const ships = of && planeSchemes.ships(model.model);
      const like = ships ? of.condition === classes && of.noise === 'gaussian' : role === 'main' && textOf(model) === `exact:${classes}`;
      return role === use && degreesOfFreedom === null && like ? name : null;
    };
    const next = ({ model }: ModelName) => (model === before ? name : null);
    this.session.change((now) => ({
      ...now,
      panels: now.panels.map((panel) => {
        const wish = wishOf(panel);
        const scheme = succeeded(wish, before === null ? first : next);
        return scheme === wish.scheme ? panel : { id: panel.id, choice: wish.choice, scheme };
      }),
    }));
  }
}
