// Reads JSON files, which can be large, away from the page's thread: only what says what a file is goes back.
import type { Head } from './record.js';

export type Reading = { head: Head } | { fault: 'unreadable' | 'not-json' };

self.onmessage = async ({ data: file }: MessageEvent<Blob>) => self.postMessage(await read(file));

async function read(file: Blob): Promise<Reading> {
  let text: string;
  try {
    text = await file.text();
  } catch {
    return { fault: 'unreadable' };
  }
  try {
    const { program, format, state, rows }: Record<string, unknown> = Object(JSON.parse(text));
    return { head: { program, format, state: typeof state === 'string' ? state.slice(0, 100_000) : null, rows: rows !== undefined } };
  } catch {
    return { fault: 'not-json' };
  }
}
