// Starts the engines' workers, wherever the module comes from that asks for one. They are single files without imports, so that
// other people's bundlers can copy them, and are handed the compiled core. They start by their address; from a blob only where
// that is of another origin than the document.

/** Of each worker that could not be started by its own address: the address of a script that only imports it. */
const standIns = new Map<string, string>();

export function openWorker(address: string): Worker {
  // In a build the address is whole. Bundlers take one beside import.meta.url for a file, and miss it.
  const { href, origin } = new URL(address, document.baseURI);
  if (origin === self.origin) return new Worker(href, { type: 'module' });
  // A browser starts workers of the page's own origin only. A module of another one, or any where the page has none (a
  // frame with sandbox="allow-scripts"), can be imported by a worker that is there, and there is no such worker but one
  // from a blob. Only then the page's policy needs `worker-src blob:`, and the module's host has to allow other origins.
  let standIn = standIns.get(href);
  if (!standIn) {
    standIn = URL.createObjectURL(new Blob([importing(href)], { type: 'text/javascript' }));
    standIns.set(href, standIn);
  }
  // No module itself: Chromium starts no module from a blob where the page has no origin.
  return new Worker(standIn);
}

/** A script that imports a worker's module, hands it what came meanwhile, and fails as it would. */
function importing(href: string): string {
  return `const early = [];
const keep = (event) => early.push(event);
addEventListener('message', keep);
import(${JSON.stringify(href)}).then(
  () => {
    removeEventListener('message', keep);
    for (const { data } of early) dispatchEvent(new MessageEvent('message', { data }));
  },
  (reason) => setTimeout(() => { throw reason; }),
);`;
}
