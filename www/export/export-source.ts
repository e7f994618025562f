// What an export is made of: all that an instrument shows, and what it was made with. A picture is saved when no question is open
// and what is laid over its particles is as fine as it gets (`untilSettled`), unless the clock runs.
import type { View } from '../../pkg/guidance_playground.js';
import { type Legend, readLegend } from '../drawing/legends.js';
import type { Scene } from '../plane/drawing/scene.js';
import type { Pen, Shape } from '../drawing/shapes.js';
import type { Captioned } from '../drawing/picture-layout.js';
import type { PlaneEngine } from '../plane/engine/engine.js';
import { AdvisedError } from '../engine/failure.js';
import type { PlaneRecord } from '../plane/engine/backend.js';
import { unlessAborted } from '../engine/unless-aborted.js';
import type { Lit } from '../plane/drawing/lit-shapes.js';
import type { LabBasis } from '../state/lab.js';
import type { PanelState } from '../state/state.js';
import type { PlaneKinds, PlaneState } from '../plane/state/state.js';
import { formatCount, formatSigma } from '../text/format.js';

/** What an element that is laid over a panel's picture can tell. */
interface Overlay {
  /** What a canvas shows. */
  shapes<P extends Pen>(newPath: () => P): Shape<P>[];
  /** Resolves when it is as fine as it gets. */
  settled(): Promise<void>;
}

/** Something laid over a panel's picture, which it fills. */
interface Layer extends Partial<Pick<Overlay, 'shapes'>> {
  /** The element that it is of. */
  name: string;
  drawing: HTMLCanvasElement | SVGSVGElement;
}

export interface ShownPanel {
  panel: PanelState;
  title: string;
  /** Those of its particles where they end, each in words. */
  metrics: string[];
  /** What it shows; null before there is anything. */
  run: PlaneRecord | null;
  lit: Lit | null;
  /** What its particles are drawn from; null until the core is loaded. */
  scene: Scene<PlaneRecord> | null;
  /** Its square; within it, the elements that are laid over it. */
  picture: Element;
}

export interface ExportSource {
  /** Whose colours and font are taken. */
  readonly element: Element;
  readonly lab: LabBasis<PlaneKinds>;
  readonly state: PlaneState;
  readonly engine: PlaneEngine;
  readonly noiseLevels: Float64Array;
  readonly panels: ShownPanel[];
  /** Resolves when every panel shows the whole run of what is set, or says why it cannot. */
  sampled(): Promise<void>;
  /** The part of the plane that the data are in. */
  readonly overview: View;
  /** The part of the plane that all panels show at a position of the clock. */
  viewAt(position: number): View | null;
}

/** Lets the page do what waits; throws the signal's reason once it is given up. */
export async function yieldToPage(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

/** Waits until the panels show what is set. */
export async function untilComplete(source: ExportSource, signal?: AbortSignal): Promise<void> {
  await unlessAborted(source.sampled(), signal);
  if (source.panels.every(({ run }) => !run?.finished)) {
    throw new AdvisedError('nothing-shown', 'No panel has come to its end, so there is nothing to save.', 'Choose another scheme.');
  }
}

/** Waits until nothing is asked any more, and what is laid over the particles is as fine as it gets; while the clock runs, it never is. */
export async function untilSettled(source: ExportSource, signal?: AbortSignal): Promise<void> {
  if (source.state.playback.playing) return;
  do {
    await unlessAborted(
      Promise.all(source.panels.flatMap(({ picture }) => overlays(picture).map((overlay) => overlay.settled?.()))),
      signal,
    );
    // What was answered is rendered, and may ask for more.
    await yieldToPage(signal);
  } while (source.engine.asking);
}

function overlays(picture: Element): (Element & Partial<Overlay>)[] {
  return [...picture.children];
}

/** What is laid over the particles, from below, but no words. */
export function layersOf({ picture }: ShownPanel): Layer[] {
  return overlays(picture).flatMap((overlay) => {
    const drawings = [...(overlay.shadowRoot?.querySelectorAll<HTMLCanvasElement | SVGSVGElement>('canvas, svg') ?? [])];
    // Legends have drawings of their own, which fill no picture.
    const filling = drawings.filter((drawing) => drawing.clientWidth > 0.9 * picture.clientWidth);
    return filling.map((drawing): Layer => ({ name: overlay.localName, drawing, shapes: overlay.shapes?.bind(overlay) }));
  });
}

/** Explanations of what is laid over the particles. */
export function legendsOf({ picture }: ShownPanel): Legend[] {
  const legends = overlays(picture).flatMap((overlay) => [...(overlay.shadowRoot?.querySelectorAll('.legend') ?? [])]);
  return legends.filter(({ clientWidth }) => clientWidth > 0).map((legend) => readLegend(legend, picture));
}

/** Titles and metrics around the panels; metrics are of the end, which is said where something else is seen. */
export function captionsOf({ panels }: ExportSource, atEnd: boolean): Captioned[] {
  return panels.map(({ title, metrics }) => {
    const said = atEnd || metrics.length === 0 ? '' : 'At the end: ';
    return { title, caption: [said + metrics.slice(0, 2).join(', '), metrics.slice(2).join(', ')].join('\n') };
  });
}

/** A line about the whole, at a noise level where that is known. */
export function footerOf({ sampling }: PlaneState, sigma?: number): string {
  const at = sigma === undefined ? '' : `, at noise level ${formatSigma(sigma)}`;
  return `Guidance Playground: ${formatCount(sampling.particles)} particles, seed ${sampling.seed}${at}`;
}
