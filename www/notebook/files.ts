// What the figure consists of beside its module: workers, wasm and weights, which in a notebook nobody serves. They come with the
// module, by the addresses that they would have on a server.

/** Bytes in base64, by address; all but weights, which are so already, are compressed by gzip. */
export type Files = Readonly<Record<string, string>>;

let files: Files = {};
const workers = new Map<string, string>();

/** Has these from now on; whoever starts a worker does not wait for its text. */
export async function take(given: Files): Promise<void> {
  files = given;
  const texts = Object.keys(given).filter((address) => address.endsWith('.js'));
  await Promise.all(
    texts.map(async (address) => {
      const text = new Blob([(await fileAt(address))!], { type: 'text/javascript' });
      workers.set(address, URL.createObjectURL(text));
    }),
  );
}

/** The file of an address; undefined where it is none of the figure's. */
export async function fileAt(address: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!Object.hasOwn(files, address)) return;
  const bytes = Uint8Array.from(atob(files[address]!), (letter) => letter.charCodeAt(0));
  if (address.endsWith('.weights')) return bytes;
  const whole = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(whole).arrayBuffer());
}

/** An address at which a browser finds a worker's text. */
export function workerAt(address: string): string {
  return workers.get(address)!;
}
