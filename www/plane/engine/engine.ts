// An instrument's engine on the plane: what one asks of it beside runs.
import type { View } from '../../../pkg/guidance_playground.js';
import type { Wish } from '../../engine/choice.js';
import { compileCore, compileGpuCore } from '../../engine/core.js';
import { Engine, type EngineTypes } from '../../engine/engine.js';
import { AdvisedError } from '../../engine/failure.js';
import { BackendsOfPage } from '../../engine/shared-backends.js';
import type { RunConfig } from '../../scheme/scheme.js';
import type { PlaneTypes } from './backend.js';
import { CpuBackend } from './cpu/backend.js';
import type { GpuBackend } from './gpu/backend.js';
import type { QuestionQueue } from './questions/question-queue.js';
import type { Answer, Question } from './questions/questions.js';

/** Particles of a preview. */
const previewParticles = 512;

interface PlaneEngineTypes extends PlaneTypes, EngineTypes {
  config: RunConfig;
  metrics: PlaneTypes['metrics'];
  backend: PlaneTypes['backend'];
  cpu: CpuBackend;
  gpu: GpuBackend;
  questions: QuestionQueue;
}

const backends = new BackendsOfPage<CpuBackend, GpuBackend, QuestionQueue>(() => {
  const core = compileCore();
  return {
    cpu: async (listener) => new CpuBackend(await core, listener),
    /** The processor's backend has the evaluator. */
    async gpu(software, cpu, listener) {
      const [{ GpuBackend }, gpuCore, evaluator] = await Promise.all([import('./gpu/backend.js'), compileGpuCore(), cpu]);
      return GpuBackend.open(gpuCore, software, (ends, distribution) => evaluator.measure(ends, distribution), listener);
    },
    async questions() {
      const { QuestionQueue } = await import('./questions/question-queue.js').catch(() => {
        const message = 'What explains a scheme could not be loaded.';
        throw new AdvisedError('answers-unavailable', message, 'Check the connection, then try again.');
      });
      return new QuestionQueue(core);
    },
  };
});

export class PlaneEngine extends Engine<PlaneEngineTypes> {
  /** The last that was known. */
  #overview: View | null = null;

  constructor(wish: Wish, changed: () => void) {
    super(wish, changed, backends);
  }

  /** The part of the plane that data are in; the one before while that is found out, and null before the core is loaded. */
  overviewOf(distribution: string): View | null {
    return (this.#overview = this.cpu?.overviewOf(distribution) ?? this.#overview);
  }

  /** Positions that a panel shows at a step, or null where it has not got there. */
  positions(panel: number, step: number): Promise<Float32Array | null> {
    const { shown } = this.runs(panel);
    return shown?.backend.positions(shown, step) ?? Promise.resolve(null);
  }

  /** Whole paths of some of the particles that a panel shows, particle by particle; null before it is at its end. */
  paths(panel: number, particles: Uint32Array): Promise<Float32Array | null> {
    const { shown } = this.runs(panel);
    return shown?.backend.paths(shown, particles) ?? Promise.resolve(null);
  }

  /** Answers by the processor. */
  ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<Answer<Q>> {
    return this.answer((questions, asked) => questions.ask(question, asked), signal);
  }

  protected override previewOf(config: RunConfig): RunConfig {
    return { ...config, particles: Math.min(previewParticles, config.particles) };
  }
}
