// Owns the graphics device, and draws pictures of all panels on it a step at a time; those after each step are handed over.
import { initSync, Images, ImagesGpu } from '../../../../pkg/images-gpu/guidance_playground.js';
import { toFailure } from '../../../engine/failure.js';
import type { DeviceReply, RunOrder } from '../../../engine/gpu/protocol.js';
import { DeviceRuns } from '../../../engine/gpu/runs.js';
import { forImagesCore, type ImagesConfig } from '../../config.js';
import { Drawing } from './drawing.js';
import type { Opening, Order, Reply } from './protocol.js';

const send = (reply: DeviceReply | Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

let images: Images;
let gpu: ImagesGpu;
const runs = new DeviceRuns<ImagesConfig, Drawing>(
  {
    // The device goes on with another panel while the pictures of one are read.
    atOnce: 2,
    lacking: (config) => [images, images.missingNetworks(forImagesCore(config).scheme)],
    async open({ run, config, purpose }) {
      const show = (step: number, data: Float32Array<ArrayBuffer>, estimates: Float32Array<ArrayBuffer>) =>
        send({ type: 'frame', run, step, data, estimates }, [data.buffer, estimates.buffer]);
      // Of what nobody sees only the end is asked for.
      return Drawing.begin(gpu, images.run(forImagesCore(config)), purpose === 'sample' ? null : show);
    },
    count: (drawing) => drawing.pictures,
    ends: (drawing) => drawing.data(),
  },
  send,
);

self.onmessage = ({ data: order }: MessageEvent<RunOrder<ImagesConfig> | Order>) => {
  try {
    if (order.type === 'load') void load(order);
    else if (order.type === 'lose') gpu.destroy();
    else runs.hear(order);
  } catch (thrown) {
    stop(thrown);
  }
};

async function load({ core, sprites, software }: Opening): Promise<void> {
  try {
    initSync({ module: core });
    images = new Images(sprites);
    gpu = await ImagesGpu.open(software);
    runs.begin(gpu);
  } catch (thrown) {
    stop(thrown);
  }
}

/** Nothing more comes from this worker. */
function stop(thrown: unknown): void {
  send({ type: 'stopped', failure: toFailure(thrown) });
}
