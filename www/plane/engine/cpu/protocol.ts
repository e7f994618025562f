// What the page's main thread and a worker of the processor's engine say to each other.
import type { Metrics, View } from '../../../../pkg/guidance_playground.js';
import type { CanvasOrder } from '../../drawing/remote-canvases.js';
import type { DataId, Identified } from '../../../scheme/data.js';
import type { RunConfig } from '../../../scheme/scheme.js';
import type { DataOrder } from '../../../engine/data-supply.js';
import type { Site } from '../outline.js';
import type { Failure } from '../../../engine/types.js';
import type { ClassName, Rings } from '../../drawing/outlines.js';

/** Particles before some steps, or after them. */
export interface Piece {
  /** The first one's number in the run. */
  first: number;
  step: number;
  /** Before the steps: where they are. After: where they are after each of them, the first one's first. */
  positions: Float32Array<ArrayBuffer>;
  /** What they carry from step to step. */
  memory: Float32Array<ArrayBuffer>;
}

/** What handing out a run's work takes. */
export interface RunPlan {
  noiseLevels: Float64Array;
  /** The guidance weight of each step's first stage; 1 is no guidance. */
  weights: Float64Array;
  /** Network evaluations per particle in the first n steps. */
  evaluations: number[];
  /** Numbers that a particle carries from step to step besides its position. */
  memory: number;
  /** Particles depend on each other: a piece has to be all of them. */
  coupled: boolean;
}

/** Outlines of a place, as far as they are there. */
export interface Outlines {
  site: Site;
  rings: ReadonlyMap<ClassName, Rings>;
}

export type Order =
  | DataOrder
  /** The first data are those to be ready for. */
  | { type: 'load'; core: WebAssembly.Module; data: DataId }
  | { type: 'network'; name: string; bytes: Uint8Array }
  /** Prepare a run; one worker also places its particles. */
  | { type: 'open'; run: number; config: Identified<RunConfig>; starts: boolean }
  | { type: 'advance'; run: number; piece: Piece; steps: number }
  /** Say which part of the plane data are in. */
  | { type: 'overview'; distribution: DataId }
  | { type: 'measure'; request: number; distribution: DataId; positions: Float32Array }
  | { type: 'close'; run: number }
  /** Trace outlines for about so long, or roughly, which is soon done. */
  | { type: 'trace'; milliseconds: number; site: Site; sketch: boolean };

export type Reply =
  | { type: 'ready'; instructionSet: string }
  | { type: 'overview'; distribution: DataId; view: View | null }
  | { type: 'missing'; run: number; names: string[] }
  | { type: 'opened'; run: number; plan: RunPlan; starts: Float32Array<ArrayBuffer> | null }
  | { type: 'advanced'; run: number; piece: Piece; milliseconds: number }
  | { type: 'measured'; request: number; metrics: Metrics }
  | { type: 'unmeasured'; request: number; failure: Failure }
  /** Rings are null where none have been finished meanwhile. */
  | { type: 'traced'; site: Site; sketch: boolean; rings: Outlines['rings'] | null; done: boolean }
  /** Nothing more can be done for a run; where `piece` is true, this is the answer to a piece of it. */
  | { type: 'failed'; run: number; failure: Failure; piece: boolean }
  /** The core could not be started: there will be no runs. */
  | { type: 'unavailable'; failure: Failure };

/** To the worker that keeps trajectories and draws them. */
export type TrajectoryOrder =
  | CanvasOrder
  | { type: 'begin'; run: number; starts: Float32Array<ArrayBuffer> }
  /** Where particles are after some steps. */
  | { type: 'moved'; run: number; piece: Omit<Piece, 'memory'>; count: number }
  | { type: 'release'; run: number }
  | { type: 'outline'; outlines: Outlines }
  | { type: 'positions'; request: number; run: number; step: number }
  | { type: 'paths'; request: number; run: number; particles: Uint32Array };

export type TrajectoryReply =
  /** Of a step, or of whole paths, particle by particle. Null where the run is not known any more, or has not come so far. */
  | { type: 'positions'; request: number; positions: Float32Array<ArrayBuffer> | null }
  /** Outlines that pictures lack, the most urgent last. */
  | { type: 'lacking'; sites: Site[] }
  /** This share of the particles is drawn while pictures move. */
  | { type: 'thinned'; share: number };
