// Diffusion Explorer's way of training in a browser, in TensorFlow.js, written from what is published of it
// (https://github.com/helblazer811/Diffusion-Explorer, commit 4f5352a of 2025-05-22; in diffusion-explorer/src/lib: diffusion/interfaces.ts
// the network, diffusion/flow_matching.ts the training, settings.ts its numbers). None of its code is here.
//
// A network takes (x, y, t) through three dense layers of 64 with ELU to a velocity, its weights at first TF.js's own choice. Flow
// matching: x_t = (1 - t) x_0 + t x_1 with x_0 standard normal, x_1 of the data and t uniform; the velocity of x_1 - x_0 is learned by
// mean squared error and Adam of rate .01, from batches of 200 of the data in their order, epoch after epoch.
//
// What it also does and is not done here: waiting for a frame of the screen after each epoch, sampling every tenth epoch, and `predict`,
// which cuts a batch in pieces of 32. All of that only takes time.

const HIDDEN = 64;
const RATE = 0.01;
const BATCH = 200;

const script = (src) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement('script'), { src, onload: resolve, onerror: () => reject(new Error(src)) });
    document.head.append(element);
  });

export async function prepare({ backend, threads }) {
  const at = '/node_modules/@tensorflow';
  await script(`${at}/tfjs/dist/tf.min.js`);
  const { tf } = globalThis;
  if (backend === 'wasm') {
    await script(`${at}/tfjs-backend-wasm/dist/tf-backend-wasm.min.js`);
    tf.wasm.setWasmPaths(`${at}/tfjs-backend-wasm/dist/`);
    tf.wasm.setThreadsCount(Number(threads));
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js has no backend ${backend} here`);
  await tf.ready();
  const threaded = backend === 'wasm' && (await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'));

  let model, optimizer, data;

  const velocity = (x, t) => model.apply(tf.concat([x, t], 1));

  /** A network that knows nothing, and what it is to learn: x0, y0, x1, y1, ... */
  const begin = (points) => {
    model?.dispose();
    optimizer?.dispose();
    data?.dispose();
    const dense = (units, more) => tf.layers.dense({ units, ...more });
    model = tf.sequential({
      layers: [
        dense(HIDDEN, { activation: 'elu', inputShape: [3] }),
        dense(HIDDEN, { activation: 'elu' }),
        dense(HIDDEN, { activation: 'elu' }),
        dense(2),
      ],
    });
    optimizer = tf.train.adam(RATE);
    data = tf.tensor2d(points, [points.length / 2, 2]);
  };

  const epoch = () => {
    const [count] = data.shape;
    for (let first = 0; first < count; first += BATCH) {
      tf.tidy(() => {
        const x1 = data.slice([first, 0], [Math.min(BATCH, count - first), 2]);
        const x0 = tf.randomNormal(x1.shape);
        const t = tf.randomUniform([x1.shape[0], 1]);
        const xt = x0.mul(tf.sub(1, t)).add(x1.mul(t));
        optimizer.minimize(() => tf.losses.meanSquaredError(x1.sub(x0), velocity(xt, t)));
      });
    }
  };

  const version = `TensorFlow.js ${tf.version['tfjs-core'] ?? tf.version.tfjs}`;
  return {
    facts: { version, backend: `${backend}${threaded ? `, ${threads} thread${threads > 1 ? 's' : ''}` : ''}` },
    /** Begins anew, trains for some epochs and tells how long that took, or says velocities at some points and their times. */
    async answer({ points, epochs, at, times }) {
      if (points) begin(points);
      if (at) {
        const said = tf.tidy(() => velocity(tf.tensor2d(at, [times.length, 2]), tf.tensor2d(times, [times.length, 1])));
        const velocities = Array.from(await said.data());
        said.dispose();
        return { velocities };
      }
      const begun = performance.now();
      for (let i = 0; i < epochs; i++) epoch();
      return { seconds: (performance.now() - begun) / 1e3 };
    },
  };
}
