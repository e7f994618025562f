// In the coordinator: runs on a graphics device, which a worker owns; it is asked over a port.
import { asError } from '../engine/failure.js';
import type { Failure } from '../engine/types.js';
import type { Engine, EngineRun } from './engine.js';
import type { TrainingRun } from './job.js';
import type { DeviceAnswers, DeviceOrder, DeviceReply } from './protocol.js';
import { configOf } from './queue.js';

interface Asked {
  answer: (value: never) => void;
  fail: (reason: Error) => void;
}

export class Device implements Engine {
  readonly kind = 'webgpu';
  readonly notice = '';
  /** What was asked and is not answered yet, in its order. */
  readonly #asked: Asked[] = [];
  #lost: Error | null = null;

  constructor(
    private readonly port: MessagePort,
    readonly description: string,
  ) {
    port.onmessage = ({ data: reply }: MessageEvent<DeviceReply>) => {
      if (reply.type === 'lost') this.lose(reply.failure);
      else if (reply.type === 'failed') this.#asked.shift()?.fail(asError(reply.failure));
      else this.#asked.shift()?.answer(reply.value as never);
    };
  }

  /** Nothing more comes of it. */
  lose(failure: Failure): void {
    this.#lost ??= asError(failure);
    for (const { fail } of this.#asked.splice(0)) fail(this.#lost);
  }

  async open(run: TrainingRun, checkpoint: Uint8Array | null): Promise<EngineRun> {
    const begun = await this.#ask({ type: 'open', config: configOf(run), checkpoint });
    const ask = <Order extends DeviceOrder>(order: Order) => this.#ask(order);
    return {
      iteration: begun,
      async advance(most) {
        const losses = await ask({ type: 'advance', most });
        (this as { iteration: number }).iteration += losses.length;
        return losses;
      },
      network: () => ask({ type: 'network' }),
      checkpoint: () => ask({ type: 'checkpoint' }),
      free() {},
    };
  }

  #ask<Order extends DeviceOrder>(order: Order): Promise<DeviceAnswers[Order['type']]> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((answer, fail) => {
      this.#asked.push({ answer, fail });
      this.port.postMessage(order);
    });
  }
}
