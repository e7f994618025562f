// The part of the core that draws and samples by WebGPU, as the worker uses it.
import type { Playground, RunConfig } from '../../../pkg/guidance_playground.js';
import type { Picture } from './protocol.js';

export interface Gpu {
  readonly description: string;
  readonly software: boolean;
  addCanvas(canvas: OffscreenCanvas): number;
  resizeCanvas(id: number, width: number, height: number): void;
  removeCanvas(id: number): void;
  run(playground: Playground, config: RunConfig): Promise<GpuRun>;
  draw(pictures: Picture[]): void;
  lost(): Promise<string>;
  destroy(): void;
  free(): void;
}

export interface GpuRun {
  readonly id: number;
  readonly steps: number;
  readonly particles: number;
  readonly stepsDone: number;
  noiseLevels(): Float64Array;
  evaluations(steps: number): number;
  advance(): Promise<boolean>;
  positions(step: number): Promise<Float32Array>;
  free(): void;
}

export interface GpuExports {
  Gpu?: { open(software: boolean): Promise<Gpu> };
}
