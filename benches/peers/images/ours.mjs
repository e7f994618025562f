// Our builds with pictures, in Node, and what their network costs.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import binaryen from 'binaryen';
import { assemble, OPERATIONS } from '../peak.mjs';

/** Turns of the bare loop: some tens of milliseconds. */
const TURNS = 10_000_000;

const file = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url));
const network = () => file('weights/images/main.safetensors');

/** Processor time of this process that work takes. */
export function seconds(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** A build in a folder of pkg/ with the main network, and the rate of a bare loop of its instructions. */
export async function load(folder) {
  // A module of its own for each: the JavaScript holds one instance.
  const wasm = await import(`../../../pkg/${folder}/guidance_playground.js`);
  wasm.initSync({ module: file(`pkg/${folder}/guidance_playground_bg.wasm`) });
  const images = new wasm.Images(gunzipSync(file('sprites/sprites.safetensors.gz')));
  images.addNetwork('main', network());
  const bytes = assemble(binaryen, folder.endsWith('relaxed') ? 'relaxed' : 'simd');
  const loop = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const peak = () => (TURNS * OPERATIONS) / seconds(() => loop.run(TURNS, 0.5));
  return { images, peak, name: wasm.instructionSet() };
}

/** Layers by the pixels that each of their weights is multiplied with. */
const PIXELS = [
  [/^(enter|encode16|skip16|decode16|leave)\b/, 16 * 16],
  [/^(down8|encode8|skip8|decode8|up16)\b/, 8 * 8],
  [/^(down4|encode4|look|decode4|up8)\b/, 4 * 4],
  [/^(reading|drawings)\b/, 1],
];

/** Operations of the products of a picture: of convolutions, and of what is read and recalled. */
export function operations() {
  const bytes = network();
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
  const layers = Object.entries(header).filter(([name, { shape }]) => shape?.length === 4 || /^(reading|drawings)\b/.test(name));
  const multiplyAdds = layers.map(([name, { shape }]) => {
    const [, pixels] = PIXELS.find(([names]) => names.test(name));
    return pixels * shape.reduce((a, b) => a * b);
  });
  return 2 * multiplyAdds.reduce((a, b) => a + b);
}
