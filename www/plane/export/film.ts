// A film of the plane, by the same painter as the processor's panels.
import type { View } from '../../../pkg/guidance_playground.js';
import { readColours } from '../../drawing/colours.js';
import { readShapes } from '../../drawing/vectors.js';
import { changed, layersOf } from '../../export/export-source.js';
import * as shared from '../../export/film.js';
import type { FilmFormat, Patience } from '../../lab/request.js';
import { magnification, sigmaAt } from '../drawing/camera.js';
import { readPalette } from '../drawing/palette.js';
import type { PlaneRecord } from '../engine/backend.js';
import { readQuantityColours } from '../explanation/draw-field.js';
import { fields, lacking } from '../explanation/fields.js';
import { arrowCells, find, type Found } from '../explanation/find-field.js';
import { pathCount } from '../state/look.js';
import type { Film, Frame, PanelOfFilm, PanelOfFrame } from './film-protocol.js';
import gifWorker from './gif-worker.ts?worker&url';
import { outlinesOf } from './picture.js';
import type { PlaneSource, PlaneShown } from './source.js';
import videoWorker from './video-worker.ts?worker&url';

/** From noise to data. */
const frames = 49;

export function makeFilm(source: PlaneSource, format: FilmFormat, patience: Patience = {}): Promise<Blob> {
  return shared.makeFilm(source, format, patience, {
    workers: { gif: gifWorker, video: videoWorker },
    side: (most) => most,
    shoot: (side) => shoot(source, side, patience.signal),
  });
}

async function shoot(source: PlaneSource, side: number, signal?: AbortSignal): Promise<shared.Shooting<Film, Frame>> {
  const { state, panels, element, noiseLevels } = source;
  const { parts } = source.view;
  const [ink = '', halo = ''] = readColours(element, ['--lit', '--surface']);
  const view = parts.viewAt(state.playback.position);
  const reels = panels.map(({ run }) => new Reel(source, run, side));
  return {
    film: {
      panels: await Promise.all(panels.map((panel) => panelOf(panel, state.look.paths, view))),
      outlines: await outlinesOf(source, signal),
      shading: state.look.shading,
      colours: readPalette(element),
      litColours: { ink, halo },
      quantityColours: readQuantityColours(element),
    },
    positions: Array.from({ length: frames }, (_, frame) => (frame / (frames - 1)) * state.sampling.levels.steps),
    sigma: (position) => sigmaAt(noiseLevels, position),
    async seen(position) {
      const view = parts.viewAt(position)!;
      const contents = await Promise.all(reels.map((reel) => reel.at(position, view, signal)));
      return { position, view, magnification: magnification(view, parts.overview!), panels: contents };
    },
  };
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
    if (!field || lacking(fields[field], config.scheme)) return null;
    const last = this.#field;
    if (last && last.step === step && last.view.halfWidth === view.halfWidth) return last.found;
    const found = await find({ engine, config, step, view, field, fineness: 0, arrowCells: arrowCells(this.side) }, signal);
    this.#field = { step, view, found };
    return found;
  }
}
