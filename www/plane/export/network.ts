// Networks of files.
import { numbersOf, readTensors } from '../../export/tensors.js';
import { formatCount } from '../../text/format.js';
import { distributionOf, nameOfData } from '../distribution.js';
import type { PlaneEngine } from '../engine/engine.js';

/** Whether a file holds a network, as the core says it, and which. */
export async function describeNetwork(engine: PlaneEngine, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  await engine.ask({ type: 'network', name, bytes });
  return describe(bytes);
}

/** The data that a network's file says it learned, where there are such data. */
export function dataOf(bytes: Uint8Array<ArrayBuffer>): { distribution: string } | null {
  try {
    return { distribution: distributionOf(readTensors(bytes).metadata['data'] ?? '') };
  } catch {
    return null;
  }
}

/** Of a file that holds a network: how wide that is, how large, and what it says that it learned. */
function describe(bytes: Uint8Array<ArrayBuffer>): string {
  const { shapes, metadata } = readTensors(bytes);
  const layers = [...shapes].filter(([name]) => name.startsWith('layers.')).map(([, shape]) => shape);
  const { data, condition } = metadata;
  const learned = data
    ? `it learned ${nameOfData(data)}${condition ? `, class ${condition}` : ''}`
    : 'it does not say what data it learned, and is taken as of the paper’s tree';
  return `${layers.length} layers, ${shapes.get('layers.0.weight')![0]} wide, ${formatCount(numbersOf(layers))} weights; ${learned}`;
}
