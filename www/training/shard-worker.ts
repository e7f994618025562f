// A worker of a training: computes shards of the iterations that the coordinator tells it of.
import { initSync, Shards } from '../../pkg/training/guidance_playground.js';
import { toFailure } from '../engine/failure.js';
import { sumTo } from './make.js';
import type { Opening, ShardOrder, ShardReply } from './protocol.js';

let shards: Shards | null = null;

self.onmessage = ({ data: { core, port } }: MessageEvent<Opening>) => {
  const send = (reply: ShardReply, transfer: Transferable[] = []) => port.postMessage(reply, transfer);
  const failing = (act: () => void) => {
    try {
      act();
    } catch (thrown) {
      send({ type: 'failed', failure: toFailure(thrown) });
    }
  };
  failing(() => initSync({ module: core }));
  port.onmessage = ({ data: order }: MessageEvent<ShardOrder>) =>
    failing(() => {
      if (order.type === 'run') {
        shards?.free();
        shards = new Shards(order.config);
        return;
      }
      const {
        iteration,
        room,
        shards: [from, to],
      } = order;
      shards!.begin(iteration, room);
      const scalars = Array.from({ length: to - from }, (_, at) => sumTo(room, at, shards!, from + at));
      send({ type: 'sums', room, scalars }, [room.buffer]);
      // Work for the next iteration, which begins once the coordinator has summed what all have sent.
      shards!.draw(iteration + 1, from, to);
    });
};
