// Reads exported files, which can be large, away from the page's thread: only what says what a file is goes back.
import { headOfCsv, readCsv, type Head } from './record.js';

export type Reading = { head: Head } | { fault: 'unreadable' | 'not-json' };

/** A file, and whether it is CSV rather than JSON. */
export interface Order {
  file: Blob;
  csv: boolean;
}

self.onmessage = async ({ data }: MessageEvent<Order>) => self.postMessage(await read(data));

async function read({ file, csv }: Order): Promise<Reading> {
  let text: string;
  try {
    text = await (csv ? file.slice(0, headOfCsv) : file).text();
  } catch {
    return { fault: 'unreadable' };
  }
  if (csv) return { head: readCsv(text) };
  try {
    const { program, format, state, rows }: Record<string, unknown> = Object(JSON.parse(text));
    return { head: { program, format, state: typeof state === 'string' ? state.slice(0, 100_000) : null, rows: rows !== undefined } };
  } catch {
    return { fault: 'not-json' };
  }
}
