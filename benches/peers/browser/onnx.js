// onnxruntime-web: a step of the sampler is one graph, made by graph.py with the reverse passes written out.

export async function prepare({ provider, threads }, toy) {
  const name = provider === 'webgpu' ? 'ort.webgpu.bundle.min.mjs' : 'ort.wasm.bundle.min.mjs';
  const ort = await import(`/node_modules/onnxruntime-web/dist/${name}`);
  ort.env.wasm.numThreads = Number(threads);
  ort.env.wasm.wasmPaths = '/node_modules/onnxruntime-web/dist/';
  const onCard = provider === 'webgpu';
  let step, last, feeds;

  const number = (value) => new ort.Tensor('float32', [value], []);

  /** What the noise levels fix, for the stage at sigma. */
  const stage = (key, sigma, networks) => {
    const c = Math.hypot(0.5, sigma);
    const fed = { [`${key}_inverse_c`]: number(1 / c), [`${key}_velocity`]: number(-sigma / c) };
    for (const [role, { hidden, gain, matrices }] of Object.entries(networks)) {
      const bias = Float32Array.from({ length: hidden }, (_, i) => (matrices[0][4 * i + 2] * Math.log(sigma)) / 4 + matrices[0][4 * i + 3]);
      fed[`${key}_${role}_bias`] = new ort.Tensor('float32', bias, [hidden]);
      fed[`${key}_${role}_scale`] = number((2 * gain) / (hidden * sigma));
    }
    return fed;
  };

  return {
    facts: { version: `onnxruntime-web ${ort.env.versions?.web ?? ort.env.versions?.common}` },
    async load(pair) {
      const options = { executionProviders: [provider], graphOptimizationLevel: 'all' };
      if (onCard) options.preferredOutputLocation = { moved: 'gpu-buffer' };
      // One after the other: the WebGPU provider refuses to make two at once.
      step = await ort.InferenceSession.create(await toy.file(`/data/${pair}-step.onnx`), options);
      last = await ort.InferenceSession.create(await toy.file(`/data/${pair}-last.onnx`), options);
      const networks = { main: await toy.matrices(pair, 'main'), guide: await toy.matrices(pair, 'guide') };
      feeds = toy.levels.slice(0, -1).map((sigma, i) => {
        const next = toy.levels[i + 1];
        const second = next > 0 ? stage('second', next, networks) : {};
        return { size: number(next - sigma), ...stage('first', sigma, networks), ...second };
      });
    },
    async sample(points) {
      let x = new ort.Tensor('float32', points, [points.length / 2, 2]);
      for (const [i, fed] of feeds.entries()) {
        const { moved } = await (i + 1 < feeds.length ? step : last).run({ x, ...fed });
        x.dispose();
        x = moved;
      }
      const ends = await x.getData();
      x.dispose();
      return ends;
    },
  };
}
