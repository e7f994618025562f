// Reads exported files, which can be large, away from the page's thread: only what says what a file is goes back.
import { readFromPicture } from './metadata.js';
import { headOfCsv, readBegin, readCsv, type Head } from './record.js';

export type Reading = { head: Head } | { fault: 'unreadable' | 'not-json' };

/** What a file with what was set can be. */
export type Kind = 'json' | 'csv' | 'picture';

export interface Order {
  file: Blob;
  kind: Kind;
}

self.onmessage = async ({ data }: MessageEvent<Order>) => self.postMessage(await read(data));

async function read({ file, kind }: Order): Promise<Reading> {
  let text: string;
  try {
    if (kind === 'picture') return { head: readBegin(readFromPicture(new Uint8Array(await file.arrayBuffer()))) };
    text = await (kind === 'csv' ? file.slice(0, headOfCsv) : file).text();
  } catch {
    return { fault: 'unreadable' };
  }
  if (kind === 'csv') return { head: readCsv(text) };
  try {
    const content: unknown = JSON.parse(text);
    const { program, format, state, rows, points, strokes }: Record<string, unknown> = Object(content);
    // What is wrong with it as data, their reader says.
    const data = program === undefined && Array.isArray(Array.isArray(content) ? content : (points ?? strokes));
    return {
      head: { program, format, state: typeof state === 'string' ? state.slice(0, 100_000) : null, rows: rows !== undefined, data },
    };
  } catch {
    return { fault: 'not-json' };
  }
}
