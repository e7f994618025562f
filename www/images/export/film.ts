// A film of pictures: from noise, step by step, as they are looked at.
import * as shared from '../../export/film.js';
import type { FilmFormat, Patience } from '../../lab/request.js';
import { grainOf } from './draw-grid.js';
import type { Film, Frame } from './film-protocol.js';
import gifWorker from './gif-worker.ts?worker&url';
import { markOf } from './picture.js';
import { countOf, seenOf } from './seen.js';
import type { ImagesSource } from './source.js';
import videoWorker from './video-worker.ts?worker&url';

export function makeFilm(source: ImagesSource, format: FilmFormat, patience: Patience = {}): Promise<Blob> {
  return shared.makeFilm<Film, Frame>(source, format, patience, {
    workers: { gif: gifWorker, video: videoWorker },
    // Every pixel as large as the others.
    side(most) {
      const grain = grainOf(countOf(source));
      return grain * Math.max(Math.floor(most / grain), 1);
    },
    shoot: async () => shoot(source, patience.signal),
  });
}

function shoot(source: ImagesSource, signal?: AbortSignal): shared.Shooting<Film, Frame> {
  const { engine, state, panels, noiseLevels } = source;
  return {
    film: { world: engine.world!, mark: markOf(source, 1) },
    positions: Array.from({ length: state.sampling.levels.steps + 1 }, (_, step) => step),
    sigma: (step) => noiseLevels[step]!,
    async seen(step) {
      const shown = panels.map((panel) => (panel.run?.finished ? seenOf(source, panel, step, signal) : null));
      return { panels: await Promise.all(shown) };
    },
  };
}
