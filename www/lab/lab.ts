// A lab: what one instrument can carry. Shared parts (panels, clock, strip, schemes, studies, exports) work on it, and know none;
// it brings its state and engine (state/lab.ts), and here what is seen of it.
import type { nothing, TemplateResult } from 'lit';
import type { DirectiveResult } from 'lit/directive.js';
import type { RunRecord } from '../engine/backend.js';
import type { FilmFormat, Patience } from './request.js';
import type { LabMetrics } from './metrics.js';
import type { LabKinds, LabWithEngine } from '../state/lab.js';
import type { Session } from '../state/session.js';
import type { PanelState, State } from '../state/state.js';

/** What Lit renders: a template, perhaps behind a directive, or nothing. */
type Rendered = TemplateResult | DirectiveResult | typeof nothing;

/** The types that differ from lab to lab, also of what is seen. */
export interface ViewKinds extends LabKinds {
  /** What a panel's picture shows besides its run: the same as before where each field is. */
  seen: object;
  view: LabView;
}

/** What a panel's picture is made of. */
export interface PanelPicture<Of extends ViewKinds = ViewKinds> {
  panel: PanelState;
  /** Counted from 1. */
  number: number;
  state: State<Of>;
  engine: Of['engine'] | null;
  /** What draws; null while it is being chosen. */
  backend: Of['backend'] | null;
  run: RunRecord<Of> | null;
  seen: Of['seen'];
  /** The clock's position, as far as the run has come. */
  position: number;
  /** Whether the run is of other settings than those now set, with the new one still to come. */
  stale: boolean;
  /** What explanations are of: what is set now, once its samples are to be seen. */
  config: Of['config'] | null;
  /** What it shows, in a sentence. */
  label: string;
  /** What is seen until there are samples. */
  poster: Rendered;
}

/** What an instrument shows of its lab. */
export interface LabView<Of extends ViewKinds = ViewKinds> {
  /** Whether there is something to be saved. */
  readonly showing: boolean;
  /** Resolves when what it shows is fetched. */
  readonly fetched: Promise<unknown>;
  /** What a visitor has to know of how it draws, in a sentence; empty where there is nothing. */
  readonly remark: string;
  /** Before each rendering of the instrument. */
  prepare(): void;
  /** What was pointed at is of another picture now. */
  forget(): void;
  seen(panel: number): Of['seen'];
  /** What it is about, above the panels, where there is no explorer to choose that; nothing where it goes without saying. */
  renderSubject?(sampling: Of['sampling']): Rendered;
  /** What a perfect sampler would come to, below the panels, where that can be shown. */
  renderReference?(sampling: Of['sampling']): Rendered;
  /** One element, which fills the panel's width, and answers to the hand; it takes the focus. What lies over it is inside of it. */
  renderPicture(picture: PanelPicture<Of>): TemplateResult;
  renderBelow(picture: PanelPicture<Of>): Rendered;
}

/** What an instrument that shows all its tools has of its lab besides. */
export interface LabExplorer<Of extends ViewKinds = ViewKinds> {
  /** What is asked for, above everything, where that has to be told at length. */
  renderSubject?(sampling: Of['sampling']): Rendered;
  /** Settings of a scheme that are no numbers, below its own. */
  renderScheme?(scheme: PanelState['scheme'], label: string, change: (scheme: PanelState['scheme'], settled: boolean) => void): Rendered;
  /** What a hand does on the pictures, and which part of them it sees: at the beginning of the toolbar. */
  renderTools(look: Of['look'], sampling: Of['sampling']): Rendered;
  /** What stands before the panels as one of them, where a hand is to see at once what becomes of its work. */
  renderBeside?(sampling: Of['sampling']): Rendered;
  /** A section below the studies, where it makes models of what is sampled. */
  renderTraining?(sampling: Of['sampling']): Rendered;
  /** Unfolds that, with what is to be trained filled in. */
  openTraining?(plan: object): void;
  /** What the data are, among the settings of sampling. */
  renderData(sampling: Of['sampling']): Rendered;
  /** How results are looked at, behind those. */
  renderLook(look: Of['look']): Rendered;
  /** What its menu of exports has of data. */
  readonly files: readonly DataFile[];
  /** What can be copied of a panel, to be run elsewhere. */
  readonly code: readonly CodeForm<Of>[];
  /** What is lit, below the panels. */
  renderLit(): Rendered;
  /** How a run at its end differs from another; null where its samples are gone. */
  compare(run: RunRecord<Of>, other: RunRecord<Of>): Promise<Comparison | null>;
  /** What less and more of a metric are, in a few words, by its name. */
  readonly words: Readonly<Record<string, readonly [less: string, more: string]>>;
}

/** A panel as it is saved. */
export interface ShownPanel<Of extends ViewKinds = ViewKinds> {
  panel: PanelState;
  title: string;
  /** Those of its samples where they end, each in words. */
  metrics: string[];
  /** What it shows; null before there is anything. */
  run: RunRecord<Of> | null;
  seen: Of['seen'];
  /** As of `PanelPicture`. */
  position: number;
  stale: boolean;
  /** Its square; within it, the elements that are laid over it. */
  picture: Element;
}

/** What an export is made of: all that an instrument shows, and what it was made with. */
export interface ExportSource<Of extends ViewKinds = ViewKinds> {
  /** Whose colours and font are taken. */
  readonly element: Element;
  readonly lab: Lab<Of>;
  readonly view: Of['view'];
  readonly state: State<Of>;
  readonly engine: Of['engine'];
  readonly noiseLevels: Float64Array;
  readonly panels: ShownPanel<Of>[];
  /** Resolves when every panel shows the whole run of what is set, or says why it cannot. */
  sampled(): Promise<void>;
}

/** The panels' pictures at a moment, without what is laid over them. */
export interface Still {
  /** As pixels, so many on each side. */
  draw(panel: number, side: number): OffscreenCanvas;
  /** As elements of SVG, `side` wide; null where only pixels will do. */
  vectors: {
    write(panel: number, side: number): string;
    /** What they share, once all are written. */
    shared(): string;
  } | null;
  /** The step that is seen, or the nearest. */
  step: number;
  /** What is an image in a file of vectors, in a sentence. */
  about: string;
  /** Enlarged, its pixels are sharp squares, alike on sides that are a multiple of this; null where they flow into each other. */
  grain: number | null;
}

/** A file of data that can be saved. */
export interface DataFile {
  /** Its name's ending, behind what `nameOf` says. */
  type: string;
  name: string;
  meaning: string;
}

/** A way to say elsewhere what a panel runs. */
export interface CodeForm<Of extends ViewKinds = ViewKinds> {
  name: string;
  meaning: string;
  /** What writes it is fetched for the first. */
  write(panel: PanelState, sampling: Of['sampling']): Promise<string>;
}

/** How what a lab shows becomes files; fetched for the first. */
export interface LabExports<Of extends ViewKinds = ViewKinds> {
  readonly files: readonly DataFile[];
  /** Of a type that is one of its files. */
  writeData(source: ExportSource<Of>, type: string, patience: Patience): Promise<Blob>;
  /** At the moment when it is asked; `scale` pixels stand for one of the page. */
  still(source: ExportSource<Of>, scale: number): Promise<Still>;
  makeFilm(source: ExportSource<Of>, format: FilmFormat, patience: Patience): Promise<Blob>;
  /** What samples the data in a file's text, where a lab takes any; rejects with what is wrong there. */
  readData?(text: string): Promise<Partial<Of['sampling']>>;
  /** Whether a file holds a network of its kind: says which, or rejects with what is wrong with it. */
  describeNetwork(engine: Of['engine'], name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** What samples the data that such a file says it learned, where a lab has several, and it does. */
  dataOf?(bytes: Uint8Array<ArrayBuffer>): Partial<Of['sampling']> | null;
}

export interface Lab<Of extends ViewKinds = ViewKinds> extends LabWithEngine<Of> {
  readonly metrics: LabMetrics<Of>;
  /** What an instrument shows; `changed` has it rendered. */
  view(session: Session<Of>, changed: () => void): Of['view'];
  /** What only an instrument with all tools shows; fetched for it. */
  explorer(session: Session<Of>, view: Of['view']): Promise<LabExplorer<Of>>;
  exports(): Promise<LabExports<Of>>;
}

/** A metric less that of another run. */
export interface Difference {
  value: number;
  standardError: number;
}

/** How a run differs from another of the same noise and data. */
export interface Comparison {
  /** By metric; null of what neither says anything about. */
  differences: Readonly<Record<string, Difference | null>>;
  /** What no metric says, in a few words each. */
  remarks: readonly string[];
}
