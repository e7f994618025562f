// One instance of the core.

let core, sampler, wasm;

const file = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

const answer = async ({ folder, pair, description, weight, points }) => {
  if (folder) {
    wasm = await import(`${folder}/guidance_playground.js`);
    await wasm.default({ module_or_path: `${folder}/guidance_playground_bg.wasm` });
    core = new wasm.Core();
    return { instructions: wasm.instructionSet() };
  }
  if (pair) {
    for (const role of ['main', 'guide']) core.addNetwork(`${pair}-${role}`, await file(`/weights/${pair}/${role}`));
    const scheme = { main: `${pair}-main`, guide: { model: `${pair}-guide`, sigmaScale: 1 }, weight };
    sampler?.free();
    sampler = core.sampler({ scheme, particles: 2 ** 20, seed: 1 });
    return { steps: sampler.steps, hidden: description.main.hidden };
  }
  // The whole path comes back, as the page needs it; the last step is the end.
  const path = sampler.advance(0, points, new Float32Array(), 0, sampler.steps);
  return { ends: path.slice(-points.length) };
};

self.onmessage = ({ data }) => answer(data).then(self.postMessage.bind(self), (error) => self.postMessage({ error: String(error) }));
