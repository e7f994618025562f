// What a lab brings to the state, to addresses and to runs: all that it is, but for what is seen of it (lab/lab.ts).
import type { LabTypes } from '../engine/backend.js';
import type { Wish } from '../engine/choice.js';
import type { Engine } from '../engine/engine.js';
import type { Chosen } from '../scheme/address.js';
import type { SchemeTable } from '../scheme/table.js';
import { levelsOf, type PanelState, type State, type StateTypes } from './state.js';

/** One thing in an address that only a lab has: `Change` is what it changes. */
export interface LabPart<S, Change> {
  name: string;
  /** Null where it is as in the opening view. */
  write(state: S, opening: S): string | null;
  /** Throws a sentence where there is no such thing. */
  read(text: string, state: S): Change;
  /** Where it is not asked for any more: as in the opening view. */
  leave(state: S, opening: S): Change;
}

type SamplingPart<Of extends StateTypes> = LabPart<State<Of>, Partial<Of['sampling']>>;
type LookPart<Of extends StateTypes> = LabPart<State<Of>, Partial<Of['look']>>;

/** What a run has many of: particles, pictures. */
export interface Samples<Sampling> {
  /** What one is called, and many. */
  readonly one: string;
  readonly many: string;
  /** Numbers that a menu offers. */
  readonly choices: readonly number[];
  /** In the beginning, and where a graphics processor to itself moves them. */
  readonly usual: { few: number; many: number };
  /** Up to so many an embed does without a graphics processor: they are moved as fast as they are looked at. */
  readonly fewEnough: number;
  /** More that are lit would hide each other. */
  readonly mostLit: number;
  of(sampling: Sampling): number;
  set(count: number): Partial<Sampling>;
}

/** A section below the panels; that in which models are made, with what is to be made. */
export type Unfolded = 'sweep' | 'tried' | { train: object };

/** Settings that show something: what a paragraph of the article, or a point of a plot, sets the instrument to. */
export interface Demonstration<Of extends StateTypes = StateTypes> {
  /** One to `mostPanels`: names of the table, or descriptions in which fields may be left out. */
  schemes?: readonly (string | object)[];
  /** One scheme, beside those that are there: in the panel with this number of its own, or in one more. */
  place?: { panel: number | null; chosen: Chosen };
  sampling?: Partial<Of['sampling']>;
  look?: Partial<Of['look']>;
  /** Samples to light. */
  linked?: number[];
  /** Pauses at the noise level nearest to this; without it, and without playing, the end is shown. */
  sigma?: number;
  /** Unfolds a section below the panels, and goes there. */
  open?: Unfolded;
  /** Plays from the noise on, where motion is welcome. */
  play?: boolean;
}

/** What a lab brings to the state. */
export interface LabBasis<Of extends StateTypes = StateTypes> {
  /** By which addresses know it. */
  readonly id: string;
  /** What visitors call it. */
  readonly name: string;
  readonly schemes: SchemeTable;
  /** The opening view. */
  readonly opening: {
    choices: readonly string[];
    sampling: Omit<Of['sampling'], 'levels'>;
    look: Of['look'];
  };
  readonly samples: Samples<Of['sampling']>;
  /** Whose works its samples are made of, to be said wherever they are shown or saved; none where they are nobody's. */
  readonly credits?: string;
  /** Pixels of a saved picture to one of the page that a menu offers: from 1 to the most that can be asked for. */
  readonly scales: readonly number[];
  /** What only it has in an address: what comes before schemes, what behind the seed, and how results are looked at. */
  readonly parts: {
    data: readonly SamplingPart<Of>[];
    sampling: readonly SamplingPart<Of>[];
    look: readonly LookPart<Of>[];
  };
  readonly demonstrations: Readonly<Record<string, Demonstration<Of>>>;
  /** What named schemes are shown on, where a demonstration says nothing of that. */
  readonly shownOn: Partial<Of['sampling']>;
  /** A scheme as it can be had for the data: the same object where nothing has to stand for it. */
  fit(wish: Chosen, sampling: Of['sampling']): Chosen;
  /** A look whose numbers are within bounds. */
  bound(look: Of['look']): Of['look'];
  /** What changes of how results are looked at when something else is sampled. */
  lookAfter(before: Of['sampling'], after: Of['sampling']): Partial<Of['look']>;
  runConfig(chosen: Pick<Chosen, 'scheme'>, sampling: Of['sampling']): Of['config'];
  /** The settings that a run was made with. */
  samplingOf(config: Of['config']): Of['sampling'];
  /** What the data are. */
  nameOfData(of: Of['sampling'] | Of['config']): string;
  /** Whether a model can be asked about the data. */
  knows(model: string, sampling: Of['sampling']): boolean;
  /** What a panel shows in place of what it was asked to, and why; empty where it shows that. */
  describeStandIn(panel: Pick<PanelState, 'choice' | 'standsFor'>): string;
  /** Whether runs, or settings of runs, are of the same data. */
  isSameData(one: Of['sampling'] | Of['config'], other: Of['sampling'] | Of['config']): boolean;
}

/** The types that differ from lab to lab, of its state and of its runs. */
export interface LabKinds extends StateTypes, LabTypes {
  engine: Engine;
}

/** What runs, too. */
export interface LabWithEngine<Of extends LabKinds = LabKinds> extends LabBasis<Of> {
  engine(wish: Wish, changed: () => void): Of['engine'];
}

/** The opening view of a lab: played once, or ended at once where motion is unwelcome. */
export function openingState<Of extends StateTypes>({ schemes, opening }: LabBasis<Of>, motion: boolean): State<Of> {
  const panels = opening.choices.map((choice, id) => ({ id, choice, scheme: schemes.choiceOf(choice).scheme }));
  const levels = levelsOf(schemes, panels);
  return {
    panels,
    sampling: { ...opening.sampling, levels } as Of['sampling'],
    playback: { position: motion ? 0 : levels.steps, playing: motion, speed: 1 },
    look: opening.look,
    linked: [],
  };
}
