// Networks of files.
import { formatCount } from '../../text/format.js';
import type { PlaneEngine } from '../engine/engine.js';

/** Whether a file holds a network, as the core says it, and which. */
export async function describeNetwork(engine: PlaneEngine, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  await engine.ask({ type: 'network', name, bytes });
  return describe(bytes);
}

/** Of a file that holds a network: how wide that is, how large, and what it says that it learned. */
function describe(bytes: Uint8Array<ArrayBuffer>): string {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const tensors = Object.entries<{ shape: number[] }>(header).filter(([name]) => name.startsWith('layers.'));
  const weights = tensors.reduce((sum, [, { shape }]) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const { data, condition } = header.__metadata__ ?? {};
  const learned = data
    ? `it learned ${data}${condition ? `, class ${condition}` : ''}`
    : 'it does not say what data it learned, and is taken as of the paper’s tree';
  return `${tensors.length} layers, ${header['layers.0.weight'].shape[0]} wide, ${formatCount(weights)} weights; ${learned}`;
}
