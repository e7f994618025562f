// A film of the run from noise to data. The clock of the page stays as it is: what is seen at each moment is read of the runs, and a
// worker of its own draws it.
import { readPictureStyle, sideWithin } from '../drawing/picture-layout.js';
import type { ExportSource } from '../lab/lab.js';
import type { FilmFormat, Patience } from '../lab/request.js';
import { captionsOf, footerOf, untilComplete } from './export-source.js';
import type { Film, Frame } from './film-protocol.js';
import { recordOf } from './record.js';
import { Studio } from './studio.js';

/** Pixels. */
const mostWidth = 1000;
const mostSide = 480;
/** How long all frames but the last are seen together, each of them at least and at most, and the last. */
const milliseconds = { together: 3840, least: 40, most: 240, last: 1600 };
/** Moments whose colours stand for all, as shares of the run. */
const samples = [0, 0.5, 1];

/** What a lab makes of a film. */
export interface Shooting<F extends Film, R extends Frame> {
  /** What stays the same. */
  film: Omit<F, keyof Film>;
  /** The clock's positions, from noise to data. */
  positions: readonly number[];
  sigma(position: number): number;
  /** What is seen then. */
  seen(position: number): Promise<Omit<R, keyof Frame>>;
}

/** How a lab makes films. */
export interface Director<F extends Film, R extends Frame> {
  /** Addresses of the workers that draw them. */
  workers: { gif: string; video: string };
  /** The side of a panel's square that suits, of at most so many pixels. */
  side(most: number): number;
  shoot(side: number): Promise<Shooting<F, R>>;
}

/** Rejects with an AdvisedError, or with the signal's reason. */
export async function makeFilm<F extends Film, R extends Frame>(
  source: ExportSource,
  format: FilmFormat,
  { signal, progress = () => {} }: Patience,
  { workers, ...director }: Director<F, R>,
): Promise<Blob> {
  await untilComplete(source, signal);
  const text = JSON.stringify(recordOf(source));
  const side = director.side(sideWithin(mostWidth, source.panels.length, mostSide));
  const layout = {
    panels: captionsOf(source, false),
    footer: '',
    credits: source.lab.credits ?? '',
    side,
    style: readPictureStyle(source.element),
  };
  const { film, positions, sigma, seen } = await director.shoot(side);
  const { together, least, most, last } = milliseconds;
  const each = Math.min(Math.max(together / (positions.length - 1), least), most);
  const studio = new Studio(format === 'gif' ? workers.gif : workers.video, signal);
  try {
    await studio.tell({ type: 'begin', film: { ...film, format, layout, text } });
    const shoot = async (position: number, milliseconds: number) => {
      const frame: Frame = { ...(await seen(position)), footer: footerOf(source, sigma(position)), milliseconds };
      await studio.tell({ type: 'frame', frame });
    };
    const end = positions.length - 1;
    if (format === 'gif') for (const share of samples) await shoot(positions[Math.round(share * end)]!, 0);
    for (const [frame, position] of positions.entries()) {
      await shoot(position, frame === end ? last : each);
      progress((frame + 1) / positions.length);
    }
    return await studio.develop();
  } finally {
    studio.close();
  }
}
