// A contestant in a process of its own: ours in a folder of pkg/, or onnxruntime-web. It answers { evaluations, data? } with the
// processor time of an evaluation of 16 pictures, and what comes out where data go in.

import { readFileSync } from 'node:fs';
import { load, seconds } from './ours.mjs';
import { feeds } from './planes.mjs';

const [name, state] = process.argv.slice(2);
const PICTURES = 16;

/** An evaluation is a step of a run that nothing guides, with what a prompt and a noise level say to the network. */
async function ours() {
  const { images, peak, name: version } = await load(name);
  const run = (steps, max) =>
    images.run({
      scheme: { main: 'main', levels: { steps, max } },
      prompt: 'fluent rocket on a night background',
      pictures: PICTURES,
      seed: 1,
    });
  return {
    version,
    answer({ evaluations, check }) {
      if (check) {
        const pictures = run(2, check.sigma).begin(0, PICTURES);
        const data = pictures.data();
        pictures.advance(1);
        return { data, denoised: pictures.estimates() };
      }
      const bare = peak();
      const all = run(evaluations, 80);
      return { peak: bare, seconds: seconds(() => all.begin(0, PICTURES).advance(evaluations)) / evaluations };
    },
  };
}

async function onnx() {
  const { default: ort } = await import(`${state}/node_modules/onnxruntime-web/dist/ort.node.min.mjs`).then((m) =>
    m.default ? m : { default: m },
  );
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(readFileSync(`${state}/data/images.onnx`), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  let fed;
  return {
    version: `onnxruntime-web ${ort.env.versions.web}`,
    async answer({ evaluations, check }) {
      if (check) {
        fed = feeds(ort, PICTURES, check);
        const { denoised } = await session.run(fed);
        return { planes: denoised.data };
      }
      const start = process.cpuUsage();
      for (let i = 0; i < evaluations; i++) await session.run(fed);
      const { user, system } = process.cpuUsage(start);
      return { seconds: (user + system) / 1e6 / evaluations };
    },
  };
}

const contestant = await (name === 'onnx' ? onnx() : ours());
process.on('message', async (request) => process.send(await contestant.answer(request)));
process.send({ version: contestant.version });
