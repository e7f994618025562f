// Networks of pictures in files.
import { numbersOf, readTensors } from '../../export/tensors.js';
import { formatCount } from '../../text/format.js';
import type { ImagesEngine } from '../engine/engine.js';

/** Layers that say how wide it is at 16, 8 and 4 places across. */
const levels = ['enter', 'down8', 'down4'];

/** Whether a file holds a network of pictures, as the core says it, and which. */
export async function describeNetwork(engine: ImagesEngine, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  await engine.ask({ type: 'network', name, bytes });
  return describe(bytes);
}

/** Of a file that holds a network. */
export function describe(bytes: Uint8Array<ArrayBuffer>): string {
  const { shapes, metadata } = readTensors(bytes);
  const pictures = Number(metadata['pictures']);
  const learned = pictures > 0 ? `it learned from ${formatCount(pictures)} pictures` : 'it does not say from how many pictures it learned';
  const widths = levels.map((name) => shapes.get(name)![0]).join(', ');
  return `${widths} channels wide, ${formatCount(numbersOf(shapes.values()))} weights; ${learned}`;
}
