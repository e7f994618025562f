// A training in the background of an instrument of the plane: what it is asked for, where it stands, and its networks, which panels
// follow as they learn.
import { toFailure } from '../../engine/failure.js';
import type { Failure } from '../../engine/types.js';
import type { Session } from '../../state/session.js';
import { setSampling } from '../../state/changes.js';
import { forgetFinished, keepFinished, type Finished, type FinishedNetwork } from '../../training/finished.js';
import type { TrainingProgress, TrainingSnapshot } from '../../training/job.js';
import type { Judged } from './charts.js';
import { likeOf, succeed, type Successors } from './follow.js';
import { Outliers } from './outliers.js';
import { saveNetwork, type PlannedRun } from './plan.js';
import { leftTraining, startTraining, type TrainingHandle } from '../../training/training.js';
import type { PlaneKinds } from '../state/kinds.js';
import { note } from '../../training/trained-flag.js';
import { fetchTrained, kept, learnSnapshot, trainedBefore } from './trained.js';

export type Standing = 'none' | 'running' | 'pausing' | 'paused' | 'stopping';

export class Trainings {
  /** Of what is to be seen of it. */
  version = 0;
  standing: Standing = 'none';
  job: readonly PlannedRun[] = [];
  progress: TrainingProgress | null = null;
  /** Each run's curve, as far as it has come. */
  readonly curves: TrainingProgress['curve'][] = [];
  /** How far each run's networks were, by noise: those that are kept, and the latest. */
  readonly judged: Judged[][] = [];
  /** Of what the main network's snapshots sample; null where they learn what outliers are not counted of. */
  outliers: Outliers | null = null;
  /** How the last one ended, in a sentence; empty before. */
  outcome = '';
  failure: Failure | null = null;
  /** Whether another tab's training is the one that the browser keeps. */
  unkept = false;
  /** The latest network of each run, to be saved. */
  readonly latest = new Map<number, { name: string; iteration: number; network: Uint8Array<ArrayBuffer> }>();
  /** Those that are over and that the browser has, the latest first. */
  trained: readonly Finished[] = [];
  /** A job that the page was left in. */
  left: { job: readonly PlannedRun[]; iteration: number; run: number } | null = null;
  #handle: TrainingHandle | null = null;
  /** The kept networks of the present job. */
  #taken: (FinishedNetwork & { network: Uint8Array<ArrayBuffer> })[] = [];
  /** Snapshots are taken in one after another. */
  #taking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: Session<PlaneKinds>,
    private readonly look: () => void,
  ) {
    void leftTraining(kept).then((saved) => {
      if (!saved || this.standing !== 'none') return;
      this.left = { job: saved.job as PlannedRun[], iteration: saved.iteration, run: saved.run };
      this.#changed();
    });
    void this.#list();
  }

  async #list(): Promise<void> {
    this.trained = await trainedBefore();
    this.#changed();
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
    this.unkept = false;
    this.outcome = '';
    this.curves.length = this.judged.length = 0;
    this.outliers?.stop();
    const [main] = job;
    const { sampling } = this.session.settings;
    const counted = main!.classes === 'A' && main!.degreesOfFreedom === null && main!.data === sampling.distribution;
    this.outliers = counted ? new Outliers(this.session, sampling, () => this.#changed()) : null;
    this.latest.clear();
    this.#taken = [];
    this.standing = 'running';
    // Addresses will name its networks, which a page looks for when it opens.
    note(true);
    this.#handle = startTraining(
      job,
      {
        progress: (progress) => {
          this.progress = progress;
          this.curves[progress.run] = progress.curve;
          this.#changed();
        },
        snapshot: (snapshot) => {
          this.#judge(snapshot);
          if (snapshot.kept) this.#taking = this.#taking.then(() => this.#take(snapshot)).catch(() => {});
        },
        paused: () => {
          this.standing = 'paused';
          this.#changed();
        },
        unkept: () => {
          this.unkept = true;
          this.#changed();
        },
        ended: (end) => {
          this.standing = 'none';
          this.unkept = false;
          this.#handle = null;
          if (end.type === 'failed') this.failure = end.failure;
          else this.outcome = end.type === 'done' ? 'Trained: the networks are among the models of all panels.' : 'Stopped.';
          if (end.type === 'done') void this.#taking.then(() => this.#keep());
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

  /** What was trained survives the page, if the browser has room. */
  async #keep(): Promise<void> {
    const { job } = this;
    const networks = this.#taken.map(({ network: _, ...about }) => about);
    try {
      await keepFinished(
        { id: JSON.stringify(job), job, time: Date.now(), networks },
        this.#taken.map(({ network }) => network),
      );
    } catch {
      this.failure = {
        code: 'not-kept',
        message: 'This browser has no room to keep what was trained: it is there until the page is closed.',
        advice: 'Save the networks as files; dropped on the page, they come back.',
      };
    }
    await this.#list();
  }

  /** Its data are sampled, and panels have its networks, each where another stands that learned the same classes. */
  use({ job, networks }: Finished): void {
    const { lab } = this.session;
    const runs = job as readonly PlannedRun[];
    const { data } = runs[0]!;
    this.session.edit((now) => {
      const there = now.sampling.distribution === data ? now : setSampling(lab, now, { distribution: data });
      return runs.reduce((state, of, run) => {
        const last = networks.findLast((each) => each.run === run);
        return last ? succeed(state, likeOf(of, run === 0 ? 'main' : 'guide', last.name, 'go')) : state;
      }, there);
    });
  }

  /** The last network of each run as a file. */
  async save({ job, networks }: Finished): Promise<void> {
    try {
      for (const [run, of] of (job as readonly PlannedRun[]).entries()) {
        const last = networks.findLast((each) => each.run === run);
        if (last) saveNetwork(of, last.iteration, (await fetchTrained(last.name)) as Uint8Array<ArrayBuffer>);
      }
    } catch (thrown) {
      // Another page may have forgotten it.
      this.failure = toFailure(thrown);
      await this.#list();
    }
  }

  async forget(one: Finished): Promise<void> {
    await forgetFinished(one);
    await this.#list();
  }

  #judge({ run, iteration, kept, lossByNoise: loss }: TrainingSnapshot): void {
    const before = (this.judged[run] ?? []).filter((each) => each.kept);
    this.judged[run] = [...before, { iteration, kept, loss }];
    this.#changed();
  }

  async #take({ run, iteration, network }: TrainingSnapshot): Promise<void> {
    const of = this.job[run]!;
    const name = await learnSnapshot(of, { iteration, network });
    const before = this.latest.get(run)?.name ?? null;
    this.latest.set(run, { name, iteration, network });
    this.#taken.push({ run, iteration, name, bytes: network.length, network });
    if (run === 0) this.outliers?.add(iteration, name);
    if (this.session.settings.sampling.distribution === of.data) this.#follow(run, name, before);
    this.#changed();
  }

  /** Panels have a run's first network where they would have one that learned the same, and then each that comes after it. */
  #follow(run: number, name: string, before: string | null): void {
    const next: Successors = ({ model }) => (model === before ? name : null);
    const successors = before === null ? likeOf(this.job[run]!, run === 0 ? 'main' : 'guide', name, 'stay') : next;
    this.session.change((now) => succeed(now, successors));
  }
}
