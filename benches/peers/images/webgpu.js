// The network of pictures on WebGPU: by our build, or by onnxruntime-web. As in contestant.mjs, but in a page, and by the clock: a
// graphics processor that is emulated computes in another process.

import { feeds } from './planes.mjs';

const PICTURES = 16;

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

/** Seconds that work takes. */
async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1e3;
}

/** A step of a run that nothing guides is an evaluation. Pictures stay on the device. */
export async function ours() {
  const wasm = await import('/pkg/images-gpu/guidance_playground.js');
  await wasm.default({ module_or_path: '/pkg/images-gpu/guidance_playground_bg.wasm' });
  const packed = await fetch('/sprites/sprites.safetensors.gz');
  const unpacked = new Response(packed.body.pipeThrough(new DecompressionStream('gzip')));
  const images = new wasm.Images(new Uint8Array(await unpacked.arrayBuffer()));
  images.addNetwork('main', await bytes('/weights/main.safetensors'));
  const gpu = await wasm.ImagesGpu.open(true);
  const begin = async (steps, max) => {
    const run = images.run({
      scheme: { main: 'main', levels: { steps, max } },
      prompt: 'fluent rocket on a night background',
      pictures: PICTURES,
      seed: 1,
    });
    const pictures = await gpu.begin(run, 0, PICTURES);
    run.free();
    // Until all is there.
    await pictures.data();
    return pictures;
  };
  const answer = async ({ evaluations, check }) => {
    const pictures = await begin(check ? 2 : evaluations, check?.sigma ?? 80);
    if (check) await pictures.advance();
    const timed = check
      ? 0
      : await seconds(async () => {
          while (await pictures.advance());
        });
    const told = check ? { denoised: Array.from(await pictures.estimates()) } : { seconds: timed / evaluations };
    pictures.free();
    return told;
  };
  return { facts: { version: 'WebGPU', adapter: gpu.description }, answer };
}

/** What comes out of an evaluation goes into the next, on the device. */
export async function onnx() {
  const ort = await import('/node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/node_modules/onnxruntime-web/dist/';
  const session = await ort.InferenceSession.create(await bytes('/data/images.onnx'), {
    // In the layout that it prefers, channels last, 1.30.0 is off by as much as the pictures are on SwiftShader.
    executionProviders: [{ name: 'webgpu', preferredLayout: 'NCHW' }],
    graphOptimizationLevel: 'all',
    preferredOutputLocation: { denoised: 'gpu-buffer' },
  });
  let fed;
  const evaluate = async (count) => {
    let { x } = fed;
    for (let i = 0; i < count; i++) {
      const { denoised } = await session.run({ ...fed, x });
      if (i > 0) x.dispose();
      x = denoised;
    }
    const numbers = await x.getData();
    x.dispose();
    return numbers;
  };
  const answer = async ({ evaluations, check }) => {
    if (check) {
      const data = new Float32Array((await bytes('/data/images-data.f32')).buffer);
      fed = feeds(ort, PICTURES, { ...check, data });
      return { planes: Array.from(await evaluate(1)) };
    }
    return { seconds: (await seconds(() => evaluate(evaluations))) / evaluations };
  };
  return { facts: { version: `onnxruntime-web ${ort.env.versions.web} WebGPU` }, answer };
}
