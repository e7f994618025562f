// What an export is made of: all that an instrument shows, and what it was made with.
import type { View } from '../../pkg/guidance_playground.js';
import type { Pen, Shape } from '../drawing/shapes.js';
import type { Framed } from '../drawing/sheet.js';
import type { Engine } from '../engine/engine.js';
import { AdvisedError } from '../engine/failure.js';
import type { RunRecord } from '../engine/run-record.js';
import { unlessAborted } from '../engine/unless-aborted.js';
import type { Lit } from '../state/lighting.js';
import type { PanelState, State } from '../state/state.js';
import { formatCount, formatSigma } from '../text/format.js';

/** Something drawn on a panel's square, which it fills. */
export interface Layer {
  drawing: HTMLCanvasElement | SVGSVGElement;
  /** What a canvas shows, where that is lines and areas. */
  shapes?<P extends Pen>(newPath: () => P): Shape<P>[];
  /** Resolves when it is as fine as it gets. */
  settled?(): Promise<void>;
}

export interface ShownPanel extends Framed {
  panel: PanelState;
  /** What it shows; null before there is anything. */
  run: RunRecord | null;
  lit: Lit | null;
  /** What is drawn, from below: particles with what is beneath them, then what is laid over them. */
  layers: Layer[];
  /** Pixels of its square. */
  side: number;
}

export interface Exhibit {
  /** Whose colours and font are taken. */
  readonly element: Element;
  readonly state: State;
  readonly engine: Engine;
  readonly noiseLevels: Float64Array;
  readonly panels: ShownPanel[];
  /** Resolves when every panel shows the whole run of what is set, or says why it cannot. */
  sampled(): Promise<void>;
  /** The part of the plane that all panels show at a position of the clock. */
  viewAt(position: number): View | null;
}

/** Lets the page breathe; throws the signal's reason once it is given up. */
export async function breathe(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

/** Waits until the panels show what is set. */
export async function untilComplete(exhibit: Exhibit, signal?: AbortSignal): Promise<void> {
  await unlessAborted(exhibit.sampled(), signal);
  if (exhibit.panels.every(({ run }) => !run?.finished)) {
    throw new AdvisedError('nothing-shown', 'No panel has come to its end, so there is nothing to save.', 'Choose another scheme.');
  }
}

/** Waits until what is laid over the particles is as fine as it gets; while the clock runs, it never is. */
export async function untilSettled({ state, panels }: Exhibit, signal?: AbortSignal): Promise<void> {
  if (state.playback.playing) return;
  await unlessAborted(Promise.all(panels.flatMap(({ layers }) => layers.map((layer) => layer.settled?.()))), signal);
}

/** A line about the whole, at a noise level where that is known. */
export function footerOf({ sampling }: State, sigma?: number): string {
  const at = sigma === undefined ? '' : `, at noise level ${formatSigma(sigma)}`;
  return `Guidance Playground: ${formatCount(sampling.particles)} particles, seed ${sampling.seed}${at}`;
}
