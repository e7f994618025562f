// Files that are given to the instrument: an export, which brings back what was set, or a network's weights. An export is read by
// its `state` alone, as an address is: there is one validation. A network is validated by the core, and named by its content.
import type { Engine } from '../engine/engine.js';
import { AdvisedError } from '../engine/failure.js';
import { addOwnNetwork } from '../engine/own-networks.js';
import { openWorker } from '../engine/open-worker.js';
import type { Lab, ViewKinds } from '../lab/lab.js';
import type { SamplingState, State } from '../state/state.js';
import { formatCount } from '../text/format.js';
import type { Kind, Order, Reading } from './read-worker.js';
import workerAddress from './read-worker.ts?worker&url';
import { readRecord, type Head } from './record.js';

/** In a sentence. */
const whatCanBeOpened =
  'A picture, film, JSON or CSV file that “Export” has written brings back what was set; a .safetensors file becomes a panel’s main net or guide; in the plane, a drawing, or points as CSV or JSON, become the data.';

/** Bytes that a file can have: more than the largest network, and than the largest export that can be read at once. Of CSV only the beginning is. */
const mostBytes: Record<Kind | 'network', number> = { network: 1 << 26, json: 1 << 28, picture: 1 << 28, csv: Infinity };

/** Bytes of points: more than as many as can be taken have. */
const mostDataBytes = 1 << 25;

export interface OwnNetwork {
  /** By which schemes know it. */
  name: string;
  /** In words. */
  description: string;
  /** What samples the data that it learned, where it says that. */
  sampling: Partial<SamplingState> | null;
}

export type Opened = { state: State<ViewKinds> } | { sampling: Partial<SamplingState> } | { network: OwnNetwork };

/** What a file holds; throws an AdvisedError where it is nothing for the instrument. */
export async function openFile(file: File, engine: Engine, lab: Lab): Promise<Opened> {
  const kind = kindOf(file);
  if (!kind) throw new AdvisedError('unknown-file', `“${brief(file.name)}” is no file that can be opened here.`, whatCanBeOpened);
  if (file.size > mostBytes[kind]) {
    throw new AdvisedError('too-large', `“${brief(file.name)}” is too large, with ${megabytes(file.size)}.`, whatCanBeOpened);
  }
  if (kind === 'network') return { network: await openNetwork(file, engine, lab) };
  const head = await readHead(file, kind);
  if (head.data) {
    const { readData } = await lab.exports();
    if (readData) return { sampling: await readData(await textOf(file)) };
  }
  return { state: readRecord(lab, head) };
}

function textOf(file: File): Promise<string> {
  if (file.size > mostDataBytes) {
    throw new AdvisedError(
      'too-large',
      `“${brief(file.name)}” is too large for data, with ${megabytes(file.size)}.`,
      'At most 100,000 points are taken.',
    );
  }
  return file.text().catch(() => {
    throw unreadable(file);
  });
}

/** What a file's name or type says. */
function kindOf({ name, type }: File): Kind | 'network' | null {
  if (/\.safetensors$/i.test(name)) return 'network';
  if (/\.(csv|tsv)$/i.test(name) || type === 'text/csv') return 'csv';
  if (/\.(png|svg|gif|webm|mp4|npz)$/i.test(name) || /^(image|video)\//.test(type)) return 'picture';
  return /\.json$/i.test(name) || type === 'application/json' ? 'json' : null;
}

async function openNetwork(file: File, engine: Engine, lab: Lab): Promise<OwnNetwork> {
  const bytes = await file.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => {
      throw unreadable(file);
    },
  );
  const { describeNetwork, dataOf } = await lab.exports();
  const network = await addOwnNetwork(file.name, bytes, (name) => describeNetwork(engine, name, bytes));
  return { ...network, sampling: dataOf?.(bytes) ?? null };
}

function readHead(file: File, kind: Kind): Promise<Head> {
  const worker = openWorker(workerAddress);
  return new Promise<Head>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Reading>) => {
      if ('head' in data) resolve(data.head);
      else if (data.fault === 'unreadable') reject(unreadable(file));
      else reject(new AdvisedError('not-json', `“${brief(file.name)}” is broken: it is not JSON.`, whatCanBeOpened));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(unreadable(file));
    };
    worker.postMessage({ file, kind } satisfies Order);
  }).finally(() => worker.terminate());
}

function unreadable({ name }: File): AdvisedError {
  return new AdvisedError('unreadable', `“${brief(name)}” could not be read.`, 'Check that the file is still there, then try again.');
}

function brief(name: string): string {
  return name.length > 48 ? `${name.slice(0, 47)}…` : name;
}

function megabytes(bytes: number): string {
  return `${formatCount(Math.round(bytes / 1e6))} MB`;
}
