// A worker that owns a graphics device, which trains: it does what the coordinator asks over a port, one thing after another.
import { type GpuTraining, initSync, TrainingGpu } from '../../pkg/training-gpu/guidance_playground.js';
import { toFailure } from '../engine/failure.js';
import { lost } from '../engine/gpu/lifetime.js';
import type { DeviceAnswers, DeviceOpened, DeviceOpening, DeviceOrder, DeviceReply } from './protocol.js';

let gpu: TrainingGpu;
let run: GpuTraining | null = null;

self.onmessage = ({ data }: MessageEvent<DeviceOpening>) => {
  open(data).then(
    (opened) => self.postMessage(opened),
    (thrown) => self.postMessage({ type: 'refused', failure: toFailure(thrown) } satisfies DeviceOpened),
  );
};

async function open({ core, software, port }: DeviceOpening): Promise<DeviceOpened> {
  initSync({ module: core });
  gpu = await TrainingGpu.open(software);
  const send = (reply: DeviceReply) => port.postMessage(reply);
  void gpu.lost().then((reason) => send({ type: 'lost', failure: lost(reason) }));
  let before: Promise<void> = Promise.resolve();
  port.onmessage = ({ data: order }: MessageEvent<DeviceOrder>) => {
    before = before
      .then(() => answer(order))
      .then(
        (value) => send({ type: 'done', value }),
        (thrown) => send({ type: 'failed', failure: toFailure(thrown) }),
      );
  };
  return { type: 'ready', description: gpu.description, software: gpu.software };
}

async function answer(order: DeviceOrder): Promise<DeviceAnswers[DeviceOrder['type']]> {
  switch (order.type) {
    case 'open':
      run?.free();
      run = null;
      run = await (order.checkpoint ? gpu.resume(order.checkpoint) : gpu.begin(order.config));
      return run.iteration;
    case 'advance':
      return run!.advance(order.most);
    case 'network':
      return (await run!.network()) as Uint8Array<ArrayBuffer>;
    case 'checkpoint':
      return (await run!.checkpoint()) as Uint8Array<ArrayBuffer>;
  }
}
