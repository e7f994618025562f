// Networks of pictures on their way: megabytes, whose coming is told byte by byte.
import { gunzip } from '../engine/weights.js';
import { turn } from '../engine/turn.js';

/** Of each that is fetched or was: bytes that came, and all of them, 0 while nobody has said how many there are. */
const received = new Map<string, { loaded: number; total: number }>();
const listeners = new Set<() => void>();

/** Bytes that are unpacked at a time, in a millisecond or two: what a browser takes at once keeps a click waiting. */
const portion = 1 << 16;

/** What the file of a network holds, packed or, from the development server, as it is. */
export async function openCounted(file: Response, name: string): Promise<Uint8Array> {
  const count = { loaded: 0, total: Number(file.headers.get('Content-Length')) };
  received.set(name, count);
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, next) {
      count.loaded += bytes.length;
      for (const hear of listeners) hear();
      next.enqueue(bytes);
    },
  });
  return unpackInTurns(new Uint8Array(await new Response(file.body?.pipeThrough(counting)).arrayBuffer()));
}

/**
 * What was compressed by gzip, or what is not, as it is: a host may say that it is compressed, and the browser has unpacked it then.
 * Between two portions whatever else waits for the thread has its turn.
 */
export async function unpackInTurns(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed;
  let at = 0;
  return gunzip(
    new ReadableStream(
      {
        async pull(stream) {
          await turn();
          // Copied, since who reads a stream may take its bytes away.
          if (at < packed.length) stream.enqueue(packed.slice(at, (at += portion)));
          else stream.close();
        },
      },
      { highWaterMark: 0 },
    ),
  );
}

/** Bytes of some networks; all of them are 0 while nobody has said how many there are. */
export function bytesOf(names: readonly string[]): { loaded: number; total: number } {
  const parts = names.map((name) => received.get(name) ?? { loaded: 0, total: 0 });
  const isKnown = parts.every(({ total }) => total > 0);
  return {
    loaded: parts.reduce((sum, { loaded }) => sum + loaded, 0),
    total: isKnown ? parts.reduce((sum, { total }) => sum + total, 0) : 0,
  };
}

/** Hears whenever bytes have come, until what is returned is called. */
export function listen(hear: () => void): () => void {
  listeners.add(hear);
  return () => listeners.delete(hear);
}
