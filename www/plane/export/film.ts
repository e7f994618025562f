// A film of the run from noise to data. The clock of the page stays as it is: positions are read step by step. A worker of its
// own draws it, by the same painter as the processor's panels.
import type { View } from '../../../pkg/guidance_playground.js';
import { readColours } from '../../drawing/colours.js';
import { readPalette } from '../drawing/palette.js';
import { readPictureStyle, sideWithin } from '../../drawing/picture-layout.js';
import { readShapes } from '../../drawing/vectors.js';
import { magnification, sigmaAt } from '../drawing/camera.js';
import type { PlaneRecord } from '../engine/backend.js';
import { readQuantityColours } from '../explanation/draw-field.js';
import { fields } from '../explanation/fields.js';
import { arrowCells, find, type Found } from '../explanation/find-field.js';
import { pathCount } from '../state/look.js';
import { changed } from './data.js';
import { footerOf, captionsOf, layersOf, untilComplete } from '../../export/export-source.js';
import type { Film, Frame, PanelOfFilm, PanelOfFrame } from './film-protocol.js';
import gifWorker from './gif-worker.ts?worker&url';
import { outlinesOf } from './picture.js';
import { recordOf } from '../../export/record.js';
import { Studio } from '../../export/studio.js';
import type { FilmFormat, Patience } from '../../lab/request.js';
import type { PlaneSource, PlaneShown } from './source.js';
import videoWorker from './video-worker.ts?worker&url';

/** Pixels. */
const mostWidth = 1000;
const mostSide = 480;
/** From noise to data, and how long each and the last one are seen. */
const frames = 49;
const milliseconds = { each: 80, last: 1600 };
/** Positions whose colours stand for all, as shares of the run. */
const samples = [0, 0.5, 1];

export async function makeFilm(source: PlaneSource, format: FilmFormat, { signal, progress = () => {} }: Patience = {}): Promise<Blob> {
  await untilComplete(source, signal);
  const { state, panels, element } = source;
  const text = JSON.stringify(recordOf(source));
  const side = sideWithin(mostWidth, panels.length, mostSide);
  const [ink = '', halo = ''] = readColours(element, ['--lit', '--surface']);
  const view = source.view.parts.viewAt(state.playback.position);
  const shown = await Promise.all(panels.map((panel) => panelOf(panel, state.look.paths, view)));
  const film: Film = {
    format,
    layout: { panels: captionsOf(source, false), footer: '', side, style: readPictureStyle(element) },
    panels: shown,
    outlines: await outlinesOf(source, signal),
    shading: state.look.shading,
    colours: readPalette(element),
    litColours: { ink, halo },
    quantityColours: readQuantityColours(element),
    text,
  };
  const studio = new Studio(format === 'gif' ? gifWorker : videoWorker, signal);
  try {
    await studio.tell({ type: 'begin', film });
    const { steps } = state.sampling.levels;
    const reels = panels.map(({ run }) => new Reel(source, run, side));
    const shoot = async (position: number, milliseconds: number) => {
      const sigma = sigmaAt(source.noiseLevels, position);
      const view = source.view.parts.viewAt(position)!;
      const contents = await Promise.all(reels.map((reel) => reel.at(position, view, signal)));
      const enlarged = magnification(view, source.view.parts.overview!);
      const footer = footerOf(source, sigma);
      const frame: Frame = { position, view, magnification: enlarged, footer, panels: contents, milliseconds };
      await studio.tell({ type: 'frame', frame });
    };
    if (format === 'gif') for (const share of samples) await shoot(share * steps, 0);
    for (let frame = 0; frame < frames; frame++) {
      const last = frame === frames - 1;
      await shoot((frame / (frames - 1)) * steps, last ? milliseconds.last : milliseconds.each);
      progress((frame + 1) / frames);
    }
    return await studio.develop();
  } finally {
    studio.close();
  }
}

async function panelOf(panel: PlaneShown, paths: boolean, view: View | null): Promise<PanelOfFilm> {
  const { run, stale, seen, picture } = panel;
  const lit = stale ? null : seen.lit;
  const layers = layersOf(panel);
  const field = layers.findIndex(({ name }) => name === 'gp-field-overlay');
  // Forces at the pointer hold for one step only.
  const shapes = layers.map(({ name, drawing }) =>
    view && drawing instanceof SVGSVGElement && name !== 'gp-force-overlay' ? readShapes(drawing) : [],
  );
  return {
    particles: run?.config.particles ?? 1,
    ways: paths && run?.finished ? await waysOf(run) : [],
    lit,
    laid: {
      view: view!,
      side: picture.clientWidth,
      under: shapes.slice(0, Math.max(field, 0)).flat(),
      over: shapes.slice(Math.max(field, 0)).flat(),
    },
  };
}

/** By step: where the particles are whose ways are drawn. */
async function waysOf(run: PlaneRecord): Promise<Float32Array[]> {
  const count = Math.min(pathCount, run.config.particles);
  const paths = await run.backend.paths(
    run,
    Uint32Array.from({ length: count }, (_, particle) => particle),
  );
  if (!paths) throw changed();
  const length = paths.length / count;
  return Array.from({ length: length / 2 }, (_, step) => {
    const positions = new Float32Array(2 * count);
    for (let particle = 0; particle < count; particle++) {
      positions.set(paths.subarray(particle * length + 2 * step, particle * length + 2 * step + 2), 2 * particle);
    }
    return positions;
  });
}

/** What changes of a panel from frame to frame. */
class Reel {
  readonly #steps = new Map<number, Float32Array>();
  #field: { step: number; view: View; found: Found } | null = null;

  constructor(
    private readonly source: PlaneSource,
    private readonly run: PlaneRecord | null,
    private readonly side: number,
  ) {}

  async at(position: number, view: View, signal?: AbortSignal): Promise<PanelOfFrame> {
    const { run } = this;
    if (!run?.finished) return { from: null, to: null, field: null };
    const [before, after] = [Math.floor(position), Math.ceil(position)];
    const [from, to] = [await this.#step(run, before), await this.#step(run, after)];
    for (const step of this.#steps.keys()) if (step < before) this.#steps.delete(step);
    return { from, to, field: await this.#fieldAt(run, Math.round(position), view, signal) };
  }

  async #step(run: PlaneRecord, step: number): Promise<Float32Array> {
    const positions = this.#steps.get(step) ?? (await run.backend.positions(run, step));
    if (!positions) throw changed();
    this.#steps.set(step, positions);
    return positions;
  }

  async #fieldAt({ config }: PlaneRecord, step: number, view: View, signal = new AbortController().signal): Promise<Found | null> {
    const { engine, state } = this.source;
    const { field } = state.look;
    if (!field || (fields[field].needsGuide && !config.scheme.guide)) return null;
    const last = this.#field;
    if (last && last.step === step && last.view.halfWidth === view.halfWidth) return last.found;
    const found = await find({ engine, config, step, view, field, fineness: 0, arrowCells: arrowCells(this.side) }, signal);
    this.#field = { step, view, found };
    return found;
  }
}
