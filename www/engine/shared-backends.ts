// What all instruments of a page share that show one lab: the processor's backend, at most one graphics device, and one queue of
// questions. Opened for the first to come, closed some time after the last has left. What concerns one run is told to the engine
// that owns it, what concerns a backend to all.
import type { Listener } from './backend.js';
import { findAdapter, softwareOnly } from './choice.js';
import { asError, toFailure } from './failure.js';
import type { Failure } from './types.js';

/** Milliseconds that it stays open for nobody: the next page of a slide show, or an instrument that is put elsewhere. */
const grace = 5000;

/** What a lab opens, for as long as somebody uses it. */
export interface Openings<Cpu, Gpu, Questions> {
  cpu(listener: Listener): Promise<Cpu>;
  /** Rejects with what the device or the browser refuses; an adapter is there. Who measures what it makes may be the processor's. */
  gpu(software: boolean, cpu: Promise<Cpu>, listener: Listener): Promise<Gpu>;
  /** Whoever answers questions; asked again after a failure. */
  questions(): Promise<Questions>;
}

interface Disposable {
  dispose(): void;
}

/** Who uses them: an instrument's engine. */
export interface Member<Gpu> {
  /** Something to be seen of the engines has changed. */
  look(): void;
  /** The graphics device is gone; unless `again`, it will not be opened any more. */
  deviceStopped(device: Gpu, failure: Failure, again: boolean): void;
  /** There can be no runs at all any more. */
  fail(failure: Failure): void;
}

/** Those of the page, of one lab: opened anew whenever there are none. */
export class BackendsOfPage<Cpu extends Disposable, Gpu extends Disposable & { parallel: boolean }, Questions extends Disposable> {
  #open: SharedBackends<Cpu, Gpu, Questions> | null = null;

  constructor(private readonly openings: () => Openings<Cpu, Gpu, Questions>) {}

  join(member: Member<Gpu>): SharedBackends<Cpu, Gpu, Questions> {
    this.#open ??= new SharedBackends(this.openings(), () => (this.#open = null));
    this.#open.join(member);
    return this.#open;
  }
}

export class SharedBackends<Cpu extends Disposable, Gpu extends Disposable & { parallel: boolean }, Questions extends Disposable> {
  /** Always there, and takes over where WebGPU cannot be had, or cannot do a scheme. */
  readonly cpu: Promise<Cpu>;
  #questions: Promise<Questions> | null = null;
  readonly #members = new Set<Member<Gpu>>();
  /** By whether a device in software will do. */
  readonly #devices = new Map<boolean, Promise<Gpu>>();
  /** The latest of those that was opened, or could not be. */
  #opened: Promise<Gpu> | null = null;
  #devicesLost = 0;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    private readonly openings: Openings<Cpu, Gpu, Questions>,
    private readonly closed: () => void,
  ) {
    this.cpu = openings.cpu({
      changed: () => this.#look(),
      stopped: (failure) => this.#fail(failure),
    });
    // Who comes after a failure tries anew.
    this.cpu.catch((thrown) => this.#fail(toFailure(thrown)));
  }

  join(member: Member<Gpu>): void {
    clearTimeout(this.#closing);
    this.#members.add(member);
  }

  leave(member: Member<Gpu>): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    this.#closing = setTimeout(() => this.#close(), grace);
  }

  /** Answers questions; fetched for the first. */
  get questions(): Promise<Questions> {
    this.#questions ??= this.openings.questions().catch((thrown) => {
      // The next to ask tries again.
      this.#questions = null;
      throw thrown;
    });
    return this.#questions;
  }

  /** The graphics device, one for all; rejects with what is missing. One in software is had only where `software` says so. */
  device(software: boolean): Promise<Gpu> {
    let device = this.#devices.get(software);
    if (!device) {
      device = this.#openDevice(software);
      this.#devices.set(software, device);
    }
    return device;
  }

  async #openDevice(software: boolean): Promise<Gpu> {
    await findAdapter(software);
    const open = () => this.#openGpu(software);
    // Another member may have asked for one already; where that was refused, this wish may be less demanding.
    this.#opened = this.#opened ? this.#opened.catch(open) : open();
    const device = await this.#opened;
    if (!device.parallel && !software) throw softwareOnly();
    return device;
  }

  async #openGpu(software: boolean): Promise<Gpu> {
    const device: Gpu = await this.openings.gpu(software, this.cpu, {
      changed: () => this.#look(),
      stopped: (failure) => this.#deviceStopped(device, failure),
    });
    if (this.#closed) device.dispose();
    return device;
  }

  /** A lost device is opened once more; anything else that it cannot do, the processor does. */
  #deviceStopped(device: Gpu, failure: Failure): void {
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
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#closing);
    this.closed();
    this.#members.clear();
    const nothing = () => {};
    this.#questions?.then((questions) => questions.dispose(), nothing);
    this.cpu.then((cpu) => cpu.dispose(), nothing);
    this.#opened?.then((device) => device.dispose(), nothing);
  }
}
