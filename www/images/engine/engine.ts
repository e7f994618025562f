// An instrument's engine of pictures: what one asks of it beside runs.
import type { Wish } from '../../engine/choice.js';
import { Engine, type EngineTypes } from '../../engine/engine.js';
import { BackendsOfPage } from '../../engine/shared-backends.js';
import type { ImagesConfig } from '../config.js';
import { type Frame, type ImagesBackend, type ImagesTypes, resultOf, type World } from './backend.js';
import { compileImagesCore, fetchSprites } from './core.js';
import { CpuBackend } from './cpu/backend.js';
import type { GpuBackend } from './gpu/backend.js';
import { compileImagesGpuCore } from './gpu/core.js';
import type { Answer, Question } from './questions.js';

/** Pictures of a preview: as many as a worker computes together. */
const previewPictures = 8;

/** Who answers questions: the processor's workers, between two steps. */
interface Questions {
  ask: CpuBackend['ask'];
  dispose(): void;
}

interface ImagesEngineTypes extends ImagesTypes, EngineTypes {
  config: ImagesConfig;
  metrics: ImagesTypes['metrics'];
  backend: ImagesBackend;
  cpu: CpuBackend;
  gpu: GpuBackend;
  questions: Questions;
}

const backends = new BackendsOfPage<CpuBackend, GpuBackend, Questions>(() => {
  const sprites = fetchSprites();
  let processor: Promise<CpuBackend>;
  return {
    cpu(listener) {
      processor = Promise.all([compileImagesCore(), sprites]).then(([core, world]) => new CpuBackend(core, world, listener));
      return processor;
    },
    async gpu(software, cpu, listener) {
      const [{ GpuBackend }, core, world, judge] = await Promise.all([import('./gpu/backend.js'), compileImagesGpuCore(), sprites, cpu]);
      return GpuBackend.open(
        { core, sprites: world, software },
        async (data, { prompt }) => resultOf(await judge.ask({ type: 'judge', prompt, data })),
        listener,
      );
    },
    async questions() {
      const cpu = await processor;
      return { ask: (question, signal) => cpu.ask(question, signal), dispose() {} };
    },
  };
});

export class ImagesEngine extends Engine<ImagesEngineTypes> {
  constructor(wish: Wish, changed: () => void) {
    super(wish, changed, backends);
  }

  /** What is needed to draw pictures; null before the core is there. */
  get world(): World | null {
    return this.cpu?.world ?? null;
  }

  /** The pictures that a panel shows after some steps; null where it has not come so far. */
  frame(panel: number, step: number): Frame | null {
    const { shown } = this.runs(panel);
    return shown?.backend.frame(shown, step) ?? null;
  }

  /** Answers by the processor; rejects with an AdvisedError, or with the signal's reason. */
  ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<Answer<Q>> {
    return this.answer((questions, asked) => questions.ask(question, asked), signal);
  }

  protected override previewOf(config: ImagesConfig): ImagesConfig {
    return { ...config, pictures: Math.min(previewPictures, config.pictures) };
  }
}
