// Our processor engine in the browser: workers, each with its own instance, take pieces of the particles on demand.

/** Particles of a piece, as on the page. */
const PIECE = 384;

export async function prepare({ build, workers: count }, toy) {
  const workers = Array.from({ length: Number(count) }, () => new Worker('./ours-worker.js', { type: 'module' }));
  let pending = [];
  const ask = (worker, message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
    });
  const folder = build === 'relaxed' ? '/pkg/relaxed' : '/pkg';
  const [first] = await Promise.all(workers.map((worker) => ask(worker, { folder })));

  return {
    facts: { instructions: first.instructions },
    load: (pair) => Promise.all(workers.map((worker) => ask(worker, { pair, description: toy.pairs[pair], weight: toy.weight }))),
    async sample(points) {
      const ends = new Float32Array(points.length);
      pending = Array.from({ length: Math.ceil(points.length / 2 / PIECE) }, (_, i) => 2 * PIECE * i);
      await Promise.all(
        workers.map(async (worker) => {
          for (let at = pending.shift(); at !== undefined; at = pending.shift()) {
            ends.set((await ask(worker, { points: points.slice(at, at + 2 * PIECE) })).ends, at);
          }
        }),
      );
      return ends;
    },
  };
}
