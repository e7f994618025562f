// The worker that makes data of what people have, in the core that trains.
import { drawingAfter, initSync, readData } from '../../../pkg/training/guidance_playground.js';
import { toFailure } from '../../engine/failure.js';
import type { Failure } from '../../engine/types.js';
import type { OwnDataQuestion } from './protocol.js';

export type OwnDataAnswer = { distribution: string } | { failure: Failure };

self.onmessage = ({ data: { core, order } }: MessageEvent<OwnDataQuestion>) => {
  const send = (answer: OwnDataAnswer) => self.postMessage(answer);
  try {
    initSync({ module: core });
    send({ distribution: order.type === 'draw' ? drawingAfter(order.distribution) : readData(order.text, order.bandwidth) });
  } catch (thrown) {
    send({ failure: toFailure(thrown) });
  }
};
