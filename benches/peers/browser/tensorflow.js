// TF.js: `form=explicit` writes the reverse pass out, `form=grad` leaves it to tf.grad, as playgrounds do.

const script = (src) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement('script'), { src, onload: resolve, onerror: () => reject(new Error(src)) });
    document.head.append(element);
  });

export async function prepare({ backend, form }, toy) {
  const at = '/node_modules/@tensorflow';
  await script(`${at}/tfjs/dist/tf.min.js`);
  await script(`${at}/tfjs-backend-${backend}/dist/tf-backend-${backend}.min.js`);
  const tf = globalThis.tf;
  if (backend === 'wasm') tf.wasm.setWasmPaths(`${at}/tfjs-backend-wasm/dist/`);
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js has no backend ${backend} here`);
  await tf.ready();
  let main, guide;

  const load = async (pair, role) => {
    const { hidden, gain, matrices } = await toy.matrices(pair, role);
    const [first, ...rest] = matrices;
    const firstColumns = tf.tensor2d(first, [hidden, 4]).slice([0, 0], [hidden, 2]);
    // Both ways round, because this library multiplies by a transposed matrix slowly.
    const folded = rest.map((m) =>
      tf.tensor2d(
        m.map((v) => v / 0.596),
        [hidden, hidden],
      ),
    );
    return {
      hidden,
      gain,
      first,
      input: firstColumns.transpose(),
      inputBack: firstColumns,
      backward: folded,
      forward: folded.map((m) => m.transpose()),
      biases: new Map(),
    };
  };

  /** The part of the first layer that the noise level fixes. */
  const bias = (n, sigma) => {
    if (!n.biases.has(sigma)) {
      const row = Float32Array.from({ length: n.hidden }, (_, i) => (n.first[4 * i + 2] * Math.log(sigma)) / 4 + n.first[4 * i + 3]);
      n.biases.set(sigma, tf.keep(tf.tensor1d(row)));
    }
    return n.biases.get(sigma);
  };

  const explicit = (n, x, sigma) => {
    const c = Math.hypot(0.5, sigma);
    const scaled = x.mul(1 / c);
    let h = scaled.matMul(n.input).add(bias(n, sigma));
    const gates = [];
    for (const m of n.forward) {
      const s = h.sigmoid();
      const a = h.mul(s);
      gates.push(s.add(a).sub(a.mul(s)));
      h = a.matMul(m);
    }
    let g = h.mul((2 * n.gain) / (n.hidden * sigma));
    for (let i = n.backward.length - 1; i >= 0; i--) g = g.matMul(n.backward[i]).mul(gates[i]);
    return g
      .matMul(n.inputBack)
      .sub(scaled)
      .mul(1 / c);
  };

  const logDensity = (n, x, sigma) => {
    const scaled = x.div(Math.hypot(0.5, sigma));
    let h = scaled.matMul(n.input).add(bias(n, sigma));
    for (const m of n.forward) h = h.mul(h.sigmoid()).matMul(m);
    return h
      .square()
      .mean(1)
      .mul(n.gain / sigma)
      .sub(scaled.square().sum(1).mul(0.5))
      .sum();
  };

  const score = form === 'grad' ? (n, x, sigma) => tf.grad((at) => logDensity(n, at, sigma))(x) : explicit;
  const velocity = (x, sigma) => {
    const s0 = score(guide, x, sigma);
    return s0.add(score(main, x, sigma).sub(s0).mul(toy.weight)).mul(-sigma);
  };
  const step = (x, sigma, next) => {
    const d = velocity(x, sigma);
    const ahead = x.add(d.mul(next - sigma));
    if (next === 0) return ahead;
    return x.add(d.add(velocity(ahead, next)).mul((next - sigma) / 2));
  };

  return {
    facts: { version: `TensorFlow.js ${tf.version['tfjs-core'] ?? tf.version.tfjs}` },
    async load(pair) {
      [main, guide] = [await load(pair, 'main'), await load(pair, 'guide')];
    },
    async sample(points) {
      let x = tf.tensor2d(points, [points.length / 2, 2]);
      for (let i = 0; i + 1 < toy.levels.length; i++) {
        const before = x;
        x = tf.tidy(() => step(before, toy.levels[i], toy.levels[i + 1]));
        before.dispose();
      }
      const ends = await x.data();
      x.dispose();
      return ends;
    },
  };
}
