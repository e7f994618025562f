// Starts the engines' workers, wherever the module comes from that asks for one.

/** Of each worker that could not be started by its own address: the address of a module that only imports it. */
const standIns = new Map<string, string>();

export function openWorker(address: string): Worker {
  const { href, origin } = new URL(address, import.meta.url);
  // A browser starts workers of the page's own origin only. A module of another one, or any where the page has none (a
  // frame with sandbox="allow-scripts"), can be imported by a worker, and there is no such worker but one from a blob.
  // Only there a page's policy needs `worker-src blob:`, and the module's host to allow other origins.
  return new Worker(origin === self.origin ? href : standIn(href), { type: 'module' });
}

function standIn(href: string): string {
  let address = standIns.get(href);
  if (!address) {
    const module = new Blob([`import ${JSON.stringify(href)};`], { type: 'text/javascript' });
    address = URL.createObjectURL(module);
    standIns.set(href, address);
  }
  return address;
}
