// Our WebGPU engine. The particles stay on the card; their ends are read back once.

export async function prepare(_, toy) {
  const wasm = await import('/pkg/gpu/guidance_playground.js');
  await wasm.default({ module_or_path: '/pkg/gpu/guidance_playground_bg.wasm' });
  const core = new wasm.Core();
  const gpu = await wasm.Gpu.open(true);
  let scheme;

  return {
    facts: { adapter: gpu.description },
    async load(pair) {
      for (const role of ['main', 'guide']) core.addNetwork(`${pair}-${role}`, await toy.file(`/weights/${pair}/${role}`));
      scheme = { main: `${pair}-main`, guide: { model: `${pair}-guide`, sigmaScale: 1 }, weight: toy.weight };
    },
    async sample(points) {
      // The same seed gives the starts that the others were handed.
      const run = await gpu.run(core, { scheme, particles: points.length / 2, seed: 1 });
      while (await run.advance());
      const ends = await run.positions(run.steps);
      run.free();
      return ends;
    },
  };
}
