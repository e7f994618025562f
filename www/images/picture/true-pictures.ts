// Pictures of the world by their places, each asked for once.
import type { ImagesPicture } from '../../../pkg/images/guidance_playground.js';
import type { ImagesEngine } from '../engine/engine.js';

export interface TruePicture {
  picture: ImagesPicture;
  /** As data. */
  data: Float32Array;
}

/** More would hold more than is looked at. */
const most = 4096;

export class TruePictures {
  readonly #found = new Map<number, TruePicture>();
  readonly #asked = new Set<number>();

  constructor(
    private readonly engine: () => ImagesEngine | null,
    private readonly changed: () => void,
  ) {}

  /** Those that are known; asks for the others. */
  get(places: readonly number[]): ReadonlyMap<number, TruePicture> {
    const missing = [...new Set(places)].filter((place) => !this.#found.has(place) && !this.#asked.has(place));
    if (missing.length > 0) void this.#ask(missing);
    return this.#found;
  }

  async #ask(places: number[]): Promise<void> {
    const engine = this.engine();
    if (!engine) return;
    for (const place of places) this.#asked.add(place);
    try {
      const found = await engine.ask({ type: 'pictures', places });
      const numbers = found.data.length / places.length;
      if (this.#found.size > most) this.#found.clear();
      for (const [index, picture] of found.pictures.entries()) {
        this.#found.set(places[index]!, { picture, data: found.data.subarray(index * numbers, (index + 1) * numbers) });
      }
      this.changed();
    } catch {
      // Asked again when they are next looked for.
    } finally {
      for (const place of places) this.#asked.delete(place);
    }
  }
}
