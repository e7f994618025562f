// What exports read of an instrument. A picture is saved when no question is open and what is laid over it is as fine as it gets
// (`untilSettled`), unless the clock runs.
import { type Legend, readLegend } from '../drawing/legends.js';
import type { Pen, Shape } from '../drawing/shapes.js';
import type { Captioned } from '../drawing/picture-layout.js';
import { AdvisedError } from '../engine/failure.js';
import type { ExportSource, ShownPanel } from '../lab/lab.js';
import { unlessAborted } from '../engine/unless-aborted.js';
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

/** A panel has begun to sample something else meanwhile. */
export function changed(): AdvisedError {
  return new AdvisedError('changed', 'A panel was changed while it was being saved.', 'Try again, and wait with changes until it is done.');
}

/** Waits until nothing is asked any more, and what is laid over a picture is as fine as it gets; while the clock runs, it never is. */
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

/** What is laid over a picture, from below, but no words. */
export function layersOf({ picture }: ShownPanel): Layer[] {
  return overlays(picture).flatMap((overlay) => {
    const drawings = [...(overlay.shadowRoot?.querySelectorAll<HTMLCanvasElement | SVGSVGElement>('canvas, svg') ?? [])];
    // Legends have drawings of their own, which fill no picture.
    const filling = drawings.filter((drawing) => drawing.clientWidth > 0.9 * picture.clientWidth);
    return filling.map((drawing): Layer => ({ name: overlay.localName, drawing, shapes: overlay.shapes?.bind(overlay) }));
  });
}

/** Explanations of what is laid over a picture. */
export function legendsOf({ picture }: ShownPanel): Legend[] {
  const legends = overlays(picture).flatMap((overlay) => [...(overlay.shadowRoot?.querySelectorAll('.legend') ?? [])]);
  return legends.filter(({ clientWidth }) => clientWidth > 0).map((legend) => readLegend(legend, picture));
}

/** Titles and metrics around the panels; metrics are of the end, which is said where something else is seen. */
export function captionsOf({ panels }: ExportSource, atEnd: boolean): Captioned[] {
  return panels.map(({ title, metrics }) => {
    const said = atEnd ? '' : 'At the end: ';
    return { title, caption: metrics.map((metric, index) => (index === 0 ? said + metric : metric)) };
  });
}

/** A line about the whole, at a noise level where that is known. */
export function footerOf({ lab: { samples, nameOfData }, state: { sampling } }: ExportSource, sigma?: number): string {
  const at = sigma === undefined ? '' : `, at noise level ${formatSigma(sigma)}`;
  const count = `${formatCount(samples.of(sampling))} ${samples.many}`;
  return `Guidance Playground: ${nameOfData(sampling)}, ${count}, seed ${sampling.seed}${at}`;
}
