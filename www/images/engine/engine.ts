// An instrument's engine of pictures: what one asks of it beside runs.
import type { GpuBackend } from '../../engine/backend.js';
import type { Wish } from '../../engine/choice.js';
import { Engine, type EngineTypes } from '../../engine/engine.js';
import { AdvisedError } from '../../engine/failure.js';
import { BackendsOfPage } from '../../engine/shared-backends.js';
import type { ImagesConfig } from '../config.js';
import type { Frame, ImagesBackend, ImagesRecord, ImagesTypes, World } from './backend.js';
import { compileImagesCore, fetchSprites } from './core.js';
import { CpuBackend } from './cpu/backend.js';
import type { Answer, Question } from './questions.js';

/** Pictures of a preview: as many as a worker computes together. */
const previewPictures = 8;

type ImagesGpuBackend = ImagesBackend & GpuBackend<ImagesRecord>;

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
  gpu: ImagesGpuBackend;
  questions: Questions;
}

const backends = new BackendsOfPage<CpuBackend, ImagesGpuBackend, Questions>(() => {
  let processor: Promise<CpuBackend>;
  return {
    cpu(listener) {
      processor = Promise.all([compileImagesCore(), fetchSprites()]).then(([core, sprites]) => new CpuBackend(core, sprites, listener));
      return processor;
    },
    gpu: () => Promise.reject(new AdvisedError('gpu-unsupported', 'Pictures are drawn by the CPU.', 'Nothing has to be done.')),
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
