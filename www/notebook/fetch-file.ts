// Takes the place of engine/fetch-file.ts: the figure's own files are here, others, as a network's of one's own, where they say.
import { fetchFile as fetchElsewhere } from '../engine/fetch-file.js';
import { fileAt } from './files.js';

export async function fetchFile(address: string, unavailable: (reason: string) => Error): Promise<Response> {
  const bytes = await fileAt(address);
  return bytes ? new Response(bytes) : fetchElsewhere(address, unavailable);
}
