// What all instruments of a page share: the core, one pool of processor workers, at most one graphics device, and one queue of
// questions. Opened for the first to come, closed some time after the last has left. What concerns one run is told to the engine
// that owns it, what concerns a backend to all.
import type { QuestionQueue } from './questions/question-queue.js';
import { findAdapter, softwareOnly } from '../../engine/choice.js';
import { compileCore, compileGpuCore } from '../../engine/core.js';
import { CpuBackend } from './cpu/backend.js';
import { AdvisedError, asError, toFailure } from '../../engine/failure.js';
import type { GpuBackend } from './gpu/backend.js';
import type { Failure } from '../../engine/types.js';

/** Milliseconds that it stays open for nobody: the next page of a slide show, or an instrument that is put elsewhere. */
const grace = 5000;

/** Who uses them: an instrument's engine. */
export interface Member {
  /** Something to be seen of the engines has changed. */
  look(): void;
  /** The graphics device is gone; unless `again`, it will not be opened any more. */
  deviceStopped(device: GpuBackend, failure: Failure, again: boolean): void;
  /** There can be no runs at all any more. */
  fail(failure: Failure): void;
}

export class SharedBackends {
  static #open: SharedBackends | null = null;

  /** Those of the page. */
  static join(member: Member): SharedBackends {
    const shared = (SharedBackends.#open ??= new SharedBackends());
    clearTimeout(shared.#closing);
    shared.#members.add(member);
    return shared;
  }

  /** Always there: it has the evaluator, and takes over where WebGPU cannot be had, or cannot do a scheme. */
  readonly cpu: Promise<CpuBackend>;
  readonly #core: Promise<WebAssembly.Module>;
  #questions: Promise<QuestionQueue> | null = null;
  readonly #members = new Set<Member>();
  /** By whether a device in software will do. */
  readonly #devices = new Map<boolean, Promise<GpuBackend>>();
  /** The latest of those that was opened, or could not be. */
  #opened: Promise<GpuBackend> | null = null;
  #devicesLost = 0;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor() {
    const core = compileCore();
    this.#core = core;
    this.cpu = core.then(
      (compiled) =>
        new CpuBackend(compiled, {
          changed: () => this.#look(),
          stopped: (failure) => this.#fail(failure),
        }),
    );
    // Who comes after a failure tries anew.
    this.cpu.catch((thrown) => this.#fail(toFailure(thrown)));
  }

  leave(member: Member): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    this.#closing = setTimeout(() => this.#close(), grace);
  }

  /** Answers questions; fetched for the first. */
  get questions(): Promise<QuestionQueue> {
    this.#questions ??= import('./questions/question-queue.js').then(
      ({ QuestionQueue }) => new QuestionQueue(this.#core),
      () => {
        // The next to ask tries again.
        this.#questions = null;
        throw new AdvisedError(
          'answers-unavailable',
          'What explains a scheme could not be loaded.',
          'Check the connection, then try again.',
        );
      },
    );
    return this.#questions;
  }

  /** The graphics device, one for all; rejects with what is missing. One in software is had only where `software` says so. */
  device(software: boolean): Promise<GpuBackend> {
    let device = this.#devices.get(software);
    if (!device) {
      device = this.#openDevice(software);
      this.#devices.set(software, device);
    }
    return device;
  }

  async #openDevice(software: boolean): Promise<GpuBackend> {
    await findAdapter(software);
    const open = () => this.#openGpu(software);
    // Another member may have asked for one already; where that was refused, this wish may be less demanding.
    this.#opened = this.#opened ? this.#opened.catch(open) : open();
    const device = await this.#opened;
    if (!device.parallel && !software) throw softwareOnly();
    return device;
  }

  async #openGpu(software: boolean): Promise<GpuBackend> {
    const [{ GpuBackend }, core, cpu] = await Promise.all([import('./gpu/backend.js'), compileGpuCore(), this.cpu]);
    const device: GpuBackend = await GpuBackend.open(core, software, (ends, distribution) => cpu.measure(ends, distribution), {
      changed: () => this.#look(),
      stopped: (failure) => this.#deviceStopped(device, failure),
    });
    if (this.#closed) device.dispose();
    return device;
  }

  /** A lost device is opened once more; anything else that it cannot do, the processor does. */
  #deviceStopped(device: GpuBackend, failure: Failure): void {
    device.dispose();
    this.#opened = null;
    this.#devices.clear();
    const again = failure.code === 'gpu-lost' && ++this.#devicesLost === 1;
    if (!again) {
      const refused = Promise.reject(asError(failure));
      refused.catch(() => {});
      for (const software of [false, true]) this.#devices.set(software, refused);
    }
    for (const member of this.#members) member.deviceStopped(device, failure, again);
  }

  #look(): void {
    for (const member of this.#members) member.look();
  }

  #fail(failure: Failure): void {
    const members = [...this.#members];
    this.#close();
    for (const member of members) member.fail(failure);
  }

  #close(): void {
    this.#closed = true;
    clearTimeout(this.#closing);
    if (SharedBackends.#open === this) SharedBackends.#open = null;
    this.#members.clear();
    const nothing = () => {};
    this.#questions?.then((questions) => questions.dispose(), nothing);
    this.cpu.then((cpu) => cpu.dispose(), nothing);
    this.#opened?.then((device) => device.dispose(), nothing);
  }
}
