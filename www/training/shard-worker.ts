// A worker of a training: computes shards of the iterations that the coordinator tells it of.
import { initSync, Shards } from '../../pkg/training/guidance_playground.js';
import { toFailure } from '../engine/failure.js';
import { sumsOf } from './make.js';
import type { Opening, ShardOrder, ShardReply, ShardSums } from './protocol.js';

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
        weights,
        shards: [from, to],
      } = order;
      const sums: ShardSums[] = [];
      shards!.begin(iteration, weights);
      for (let shard = from; shard < to; shard++) sums.push(sumsOf(shards!, shard));
      send(
        { type: 'sums', from, sums },
        sums.map(({ matrices }) => matrices.buffer),
      );
      // Work for the next iteration, which begins once the coordinator has summed what all have sent.
      shards!.draw(iteration + 1, from, to);
    });
};
