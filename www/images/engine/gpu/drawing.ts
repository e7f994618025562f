// In the device's worker: a run's pictures on the device.
import type { GpuPictures, ImagesGpu, ImagesRun } from '../../../../pkg/images-gpu/guidance_playground.js';
import type { DeviceRun } from '../../../engine/gpu/job.js';

/** Most pictures that the device takes together. */
const most = 256;

type Numbers = Float32Array<ArrayBuffer>;

/** Is handed the pictures after a step, and the guided estimates of that step. */
export type Show = (step: number, data: Numbers, estimates: Numbers) => void;

export class Drawing implements DeviceRun {
  #step = 0;

  private constructor(
    private readonly run: ImagesRun,
    private readonly pieces: GpuPictures[],
    private readonly show: Show | null,
  ) {}

  /** At their beginning, which is shown; throws what the device refuses. */
  static async begin(gpu: ImagesGpu, run: ImagesRun, show: Show | null): Promise<Drawing> {
    const pieces: GpuPictures[] = [];
    const drawing = new Drawing(run, pieces, show);
    try {
      for (let first = 0; first < run.pictures; first += most) {
        pieces.push(await gpu.begin(run, first, Math.min(most, run.pictures - first)));
      }
      await drawing.#tell();
      return drawing;
    } catch (thrown) {
      drawing.free();
      throw thrown;
    }
  }

  get pictures(): number {
    return this.run.pictures;
  }

  get steps(): number {
    return this.run.steps;
  }

  get stepsDone(): number {
    return this.#step;
  }

  noiseLevels(): Float64Array {
    return this.run.noiseLevels();
  }

  weights(): Float64Array {
    return this.run.weights();
  }

  evaluations(steps: number): number {
    return this.run.evaluations(steps);
  }

  async advance(): Promise<boolean> {
    await Promise.all(this.pieces.map((piece) => piece.advance()));
    this.#step += 1;
    await this.#tell();
    return this.#step < this.steps;
  }

  /** Where pictures are, as data. */
  data(): Promise<Numbers> {
    return this.#whole((piece) => piece.data());
  }

  free(): void {
    for (const piece of this.pieces) piece.free();
    this.run.free();
  }

  async #tell(): Promise<void> {
    if (!this.show) return;
    // What is read together is of the same step: no other is begun before.
    const [data, estimates] = await Promise.all([this.data(), this.#whole((piece) => piece.estimates())]);
    this.show(this.#step, data, estimates);
  }

  async #whole(read: (piece: GpuPictures) => Promise<Float32Array>): Promise<Numbers> {
    const parts = await Promise.all(this.pieces.map(read));
    const [only] = parts;
    if (parts.length === 1) return only as Numbers;
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
