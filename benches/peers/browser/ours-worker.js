// One instance of the core.

let playground, sampler, core;

const file = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

const answer = async ({ folder, pair, description, weight, points }) => {
  if (folder) {
    core = await import(`${folder}/guidance_playground.js`);
    await core.default({ module_or_path: `${folder}/guidance_playground_bg.wasm` });
    playground = new core.Playground();
    return { instructions: core.instructionSet() };
  }
  if (pair) {
    for (const role of ['main', 'guide']) playground.addNetwork(`${pair}-${role}`, await file(`/weights/${pair}/${role}`));
    const scheme = { main: `${pair}-main`, guide: { model: `${pair}-guide`, sigmaScale: 1 }, weight };
    sampler?.free();
    sampler = playground.sampler({ scheme, particles: 2 ** 20, seed: 1 });
    return { steps: sampler.steps, hidden: description.main.hidden };
  }
  // The whole path comes back, as the page needs it; the last step is the end.
  const path = sampler.advance(0, points, new Float32Array(), 0, sampler.steps);
  return { ends: path.slice(-points.length) };
};

self.onmessage = ({ data }) => answer(data).then(self.postMessage.bind(self), (error) => self.postMessage({ error: String(error) }));
