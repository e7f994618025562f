// One visit to the instrument: its settings, its engine and its clock, kept in step with each other.
import type { EngineWish, Failure } from '../engine/types.js';
import { readWish, type Wish } from '../engine/choice.js';
import type { PanelRuns } from '../engine/engine.js';
import { AdvisedError, toFailure } from '../engine/failure.js';
import { findUnsupported } from '../engine/support.js';
import { ownOf } from '../scheme/own-rule.js';
import { isSame } from '../scheme/scheme.js';
import { parametersOfRules, type SchemeTable } from '../scheme/table.js';
import { AddressBar } from './address-bar.js';
import { askedByAddress, readAsked, readOpening, unfold, wantedSigma, writeState, type Asked } from './address.js';
import { fit, scrubTo, setPlayback, setSampling } from './changes.js';
import { demonstrate } from './demonstration.js';
import { History } from './history.js';
import { labNamed } from './lab-name.js';
import { openingState, type Demonstration, type LabWithEngine, type LabKinds } from './lab.js';
import { PlaybackClock } from './playback.js';
import type { PanelState, SamplingState, State } from './state.js';

/** Where the state comes from, and what samples. */
export interface Beginning {
  asked: Asked;
  engine: EngineWish;
  /** The page's address has the state, comes before what else is asked for, and is kept in step with it. */
  address: boolean;
  autoplay: boolean;
}

/** An embed of which nothing is asked. */
export const usualBeginning: Beginning = { asked: new Map(), engine: 'auto', address: false, autoplay: false };

export class Session<Of extends LabKinds = LabKinds> {
  settings: State<Of>;
  /** Why there is nothing to see, if so. */
  failure: Failure | null = null;
  #history: History<State<Of>>;
  #beginning = usualBeginning;
  /** Panels whose latest run is a preview of what a hand still drags. */
  readonly #unsettled = new Set<number>();
  /** What is held down, a key or a pointer: all that it changes is one step of undo. */
  #hand: symbol | null = null;
  /** Whether a key that is held down repeats itself. */
  #repeating = false;
  /** The noise level to stop at, once the levels are known. */
  #wantedSigma: number | null = null;
  /** Until it is known, out of it. */
  #inSight = false;
  #awaited = false;
  /** What the first engine can do has been taken into account. */
  #welcomed = false;
  #active = false;
  #engine: Of['engine'] | null = null;
  readonly #address = new AddressBar(
    () => this.text,
    () => this.#goToAddress(),
  );
  /** What is wrong with what the address asked for. */
  #objection: string | null = null;
  /** What is wrong with what was asked for first, unless that came from the address, whose visitor is told. */
  refusal: Failure | null = null;
  readonly #clock = new PlaybackClock((fraction) => this.#tick(fraction));
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

  /** The frame that will tell what the engine did. */
  #frame = 0;

  constructor(
    readonly lab: LabWithEngine<Of>,
    private readonly look: () => void,
  ) {
    this.settings = openingState(lab, false);
    this.#history = new History(this.settings);
  }

  /** Before the first start. */
  begin(beginning: Beginning): void {
    this.#beginning = beginning;
    const given = unfold(beginning.asked);
    const asked = beginning.address ? new Map([...given, ...askedByAddress(location.href)]) : given;
    const who = beginning.address ? 'The address' : 'This figure';
    const { state, objection } = readOpening(this.lab, asked, this.motion && beginning.autoplay, who);
    this.settings = state;
    if (beginning.address) this.#objection = objection;
    else if (objection) this.refusal = refuse(objection);
    this.#wantedSigma = wantedSigma(this.lab, asked);
    this.#history = new History(state);
  }

  /** The table of its lab's schemes. */
  get schemes(): SchemeTable {
    return this.lab.schemes;
  }

  get engine(): Of['engine'] | null {
    return this.#engine;
  }

  /** Whether things may move by themselves. */
  get motion(): boolean {
    return !this.#reducedMotion.matches;
  }

  /** The address of a page of the playground that shows what is seen now. */
  linkTo(page: string): string {
    return this.#address.linkTo(page);
  }

  /** What brings the state of now back. */
  get text(): string {
    return writeState(this.lab, this.settings);
  }

  /** Changes what is asked for, or, where `state` is, all; it can be undone. Throws a sentence where it cannot be had. */
  ask(asked: Asked): void {
    const parts = unfold(asked);
    const { state, objection } = readAsked(
      this.lab,
      asked.has('state') ? openingState(this.lab, false) : this.settings,
      parts,
      'What was asked for',
      true,
    );
    if (objection) throw refuse(objection);
    this.#wantedSigma = wantedSigma(this.lab, parts);
    this.edit(() => state);
    this.#stopAtWanted();
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Starts, or starts again after a failure. */
  async start(): Promise<void> {
    this.stop();
    this.#active = true;
    if (this.#beginning.address) this.#address.start();
    this.failure = await findUnsupported();
    // Stopped meanwhile.
    if (!this.#active) return;
    if (!this.failure) {
      const wish = this.#wish;
      const objection = [wish.objection, this.#objection].filter(Boolean).join(' ') || null;
      this.#engine = this.lab.engine({ ...wish, objection }, () => this.#hear());
      this.#keepResting();
      this.#keepTime();
      for (const { id } of this.settings.panels) this.run(id);
    }
    this.#changed();
  }

  /** Whether the instrument is in sight: out of it, clock and engine rest. */
  get inSight(): boolean {
    return this.#inSight;
  }

  set inSight(is: boolean) {
    this.#inSight = is;
    this.#keepResting();
    this.#keepTime();
  }

  /** Whether a script waits for what is sampled, which is then done out of sight, too. */
  set awaited(is: boolean) {
    this.#awaited = is;
    this.#keepResting();
  }

  #keepResting(): void {
    if (this.#engine) this.#engine.resting = !this.#inSight && !this.#awaited;
  }

  stop(): void {
    this.#active = false;
    this.#address.stop();
    this.#clock.running = false;
    this.#engine?.dispose();
    this.#engine = null;
  }

  /** Changes how things are looked at, of the settings of now, which may be newer than those last seen on the screen. */
  change(change: (settings: State<Of>) => State<Of>): void {
    this.#apply(change, true);
    this.#changed();
  }

  /** Changes what is sampled, too: with few samples while the hand still drags, and to be undone once it has come to rest. */
  edit(change: (settings: State<Of>) => State<Of>, settled = true): void {
    const rests = settled && !this.#repeating;
    this.#apply(change, rests);
    if (rests) this.#history.settle(this.settings, this.#hand);
    this.#changed();
  }

  /** A key or a pointer is held down; a key that goes on being held drags what it changes. */
  hold(repeated = false): void {
    if (!repeated) this.release();
    this.#hand ??= Symbol();
    this.#repeating = repeated;
  }

  /** It is let go. */
  release(): void {
    const dragged = this.#repeating;
    this.#repeating = false;
    if (dragged) this.edit((now) => now);
    this.#hand = null;
  }

  undo(): void {
    // What is still dragged is a step.
    if (this.#unsettled.size > 0) this.#history.settle(this.settings);
    this.change((now) => this.#history.undo(now));
  }

  redo(): void {
    this.change((now) => this.#history.redo(now));
  }

  /** Sets the instrument to show something; throws a sentence where that cannot be. */
  show(demonstration: Demonstration<Of>): void {
    const next = demonstrate(this.lab, this.settings, demonstration, this.motion);
    this.#wantedSigma = demonstration.sigma ?? null;
    this.edit(() => next);
    this.#stopAtWanted();
  }

  runs(panel: number): PanelRuns<Of> {
    // Of its lab's engine, which the compiler does not follow.
    return this.#engine!.runs(panel) as unknown as PanelRuns<Of>;
  }

  /** Whether a panel's result is still to come. */
  get underWay(): boolean {
    if (!this.#engine) return true;
    return this.settings.panels.some(({ id }) => {
      const { shown, pending } = this.runs(id);
      return pending !== null || !(shown?.finished || shown?.failure);
    });
  }

  /** Samples a panel with the settings of now, whether or not they are new. */
  run(id: number, settled = true): void {
    const { panels, sampling, playback } = this.settings;
    const panel = panels.find((each) => each.id === id);
    if (!panel || !this.#engine) return;
    if (settled) this.#unsettled.delete(id);
    else this.#unsettled.add(id);
    const rule = ownOf(panel.scheme.combination);
    if (rule && !parametersOfRules.has(rule.text)) return void this.#learnRules(id, settled);
    const config = this.lab.runConfig(panel, sampling);
    if (settled) this.#engine.run(id, config);
    else this.#engine.preview(id, config, this.lab.isSameData);
    this.#engine.settle(playback.position);
    this.#changed();
  }

  /** Samples a panel once what its rule of one's own declares is known, with all values of that. */
  async #learnRules(id: number, settled: boolean): Promise<void> {
    const schemeNow = () => this.settings.panels.find((panel) => panel.id === id)?.scheme;
    try {
      const { learnRules } = await import('./own-rules.js');
      const fill = await learnRules(this.settings.panels);
      const before = schemeNow();
      this.change(fill);
      // With other values it is sampled by now.
      if (schemeNow() === before) this.run(id, settled);
    } catch (thrown) {
      this.failure = toFailure(thrown);
      this.#changed();
    }
  }

  /** Steps of the noise now set that every panel has computed; a panel that failed holds nobody up. */
  computed(): number {
    const { panels, sampling } = this.settings;
    const steps = panels.map(({ id }) => {
      const { shown } = this.runs(id);
      if (shown?.failure) return sampling.levels.steps;
      const { seed, levels } = sampling;
      const config = shown?.config;
      const current = config?.seed === seed && this.lab.isSameData(config, sampling) && config.scheme.levels === levels;
      return current ? shown!.stepsDone : 0;
    });
    return Math.min(...steps);
  }

  /** The noise levels now set, or none until a run has told them. */
  noiseLevels(): Float64Array {
    const { panels, sampling } = this.settings;
    const records = panels.flatMap(({ id }) => [this.runs(id).shown, this.runs(id).pending]);
    const current = records.find((record) => record?.started && record.config.scheme.levels === sampling.levels);
    return current?.noiseLevels ?? new Float64Array();
  }

  /** The clock runs while it is to play, there is something to play, and somebody sees it. */
  #keepTime(): void {
    const { playing } = this.settings.playback;
    this.#clock.running = playing && this.#inSight && this.#engine !== null && this.failure === null;
  }

  #apply(change: (settings: State<Of>) => State<Of>, settled: boolean): void {
    const before = this.settings;
    this.settings = fit(this.lab, change(before));
    if (this.#beginning.address) this.#address.note();
    this.#keepTime();
    if (!this.#engine) return;
    const { panels, sampling, playback } = this.settings;
    for (const { id } of before.panels) {
      if (!panels.some((panel) => panel.id === id)) this.#engine.forget(id);
    }
    for (const panel of panels) {
      const unsampled = !isOneNoise(sampling, before.sampling) || !before.panels.some((old) => isOneRun(old, panel));
      if (unsampled || (settled && this.#unsettled.has(panel.id))) this.run(panel.id, settled);
    }
    this.#engine.settle(playback.position);
  }

  get #wish(): Wish {
    const { address, engine } = this.#beginning;
    const wish = address ? readWish(location.href) : { engine: null, objection: null };
    if (wish.engine) return wish;
    if (engine === 'cpu' || engine === 'webgpu') return { ...wish, engine };
    const { samples } = this.lab;
    const few = samples.of(this.settings.sampling) <= samples.fewEnough;
    return { ...wish, engine: engine === 'auto' && few ? 'cpu' : null };
  }

  /** More samples where the engine moves them easily, unless their number has been chosen. */
  #welcome({ parallel }: Of['backend']): void {
    this.#welcomed = true;
    const { of, usual, set } = this.lab.samples;
    if (this.#beginning.engine !== 'best' || !parallel || this.#history.canUndo || of(this.settings.sampling) !== usual.few) return;
    this.change((now) => setSampling(this.lab, now, set(usual.many)));
    this.#history.amend(this.settings);
  }

  #goToAddress(): void {
    // Another lab takes its place.
    if (labNamed(location.hash) !== this.lab.id) return;
    const asked = askedByAddress(location.href);
    const { state, objection } = readOpening(this.lab, asked, this.motion, 'The address');
    this.#wantedSigma = wantedSigma(this.lab, asked);
    this.edit(() => state);
    // What was wrong with an earlier address is not with this one.
    if (this.#engine && (objection || this.#engine.notice === this.#objection)) this.#engine.notice = objection ?? '';
    this.#objection = objection;
    this.#changed();
  }

  #hear(): void {
    const engine = this.#engine!;
    if (engine.backend && !this.#welcomed) this.#welcome(engine.backend);
    if (engine.failure) this.failure = engine.failure;
    this.#keepTime();
    engine.settle(this.settings.playback.position);
    this.#stopAtWanted();
    // Engines do more than there are frames to show it.
    this.#frame ||= requestAnimationFrame(() => this.#changed());
  }

  #changed(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.look();
  }

  #stopAtWanted(): void {
    if (!this.#engine) return;
    const [wanted, levels] = [this.#wantedSigma, this.noiseLevels()];
    if (wanted === null || levels.length === 0) return;
    this.#wantedSigma = null;
    const distance = (step: number) => Math.abs(Math.log(levels[step]! / wanted));
    const steps = Array.from(levels.keys()).slice(0, -1);
    this.change((now) =>
      scrubTo(
        now,
        steps.reduce((best, step) => (distance(step) < distance(best) ? step : best)),
      ),
    );
  }

  #tick(fraction: number): void {
    const { playback, sampling } = this.settings;
    const { steps } = sampling.levels;
    const wanted = playback.position + fraction * playback.speed * steps;
    const position = Math.min(wanted, Math.max(this.computed(), playback.position));
    if (position === playback.position && position < steps) {
      // Waiting for the engine: nothing to draw until it is heard of again. The first frame may come without any time passed.
      if (wanted > position) this.#clock.running = false;
      return;
    }
    this.change((now) => setPlayback(now, { position, playing: position < steps }));
  }
}

function refuse(objection: string): AdvisedError {
  return new AdvisedError('invalid', objection, 'The names and values are those of an address.');
}

/** Whether a panel's run stands for both: its place among the panels does not matter to it. */
function isOneRun(one: PanelState, other: PanelState): boolean {
  return one.id === other.id && isSame(one.scheme, other.scheme);
}

function isOneNoise(one: SamplingState, other: SamplingState): boolean {
  return (Object.keys(one) as (keyof SamplingState)[]).every((field) => one[field] === other[field]);
}
