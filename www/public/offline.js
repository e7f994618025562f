// Keeps what a page has fetched, so that it works without a network afterwards. Not used by this project's pages; a page of your
// own takes it in by `<script src="./offline.js" defer></script>`, from its own host: docs/embedding.md tells more.
//
// One file for both sides: in a page it registers itself and tells what was fetched; as a service worker it keeps that. What
// came before the worker, which is all of a first visit, is told too.
if ('document' in globalThis) {
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.register(document.currentScript.src);
    navigator.serviceWorker.ready.then(({ active }) => {
      active.postMessage([location.href]);
      const observer = new PerformanceObserver((list) => active.postMessage(list.getEntries().map(({ name }) => name)));
      observer.observe({ type: 'resource', buffered: true });
    });
  }
} else {
  const opened = caches.open('guidance-playground');
  const isOurs = (address) => address.startsWith(registration.scope);
  // Named by its content: another content has another name.
  const isForEver = (address) => /-[\w-]{8}\.\w+$/.test(new URL(address).pathname);

  async function keep(request) {
    const response = await fetch(request);
    if (response.status === 200) await (await opened).put(request, response.clone());
    return response;
  }

  async function answer(request) {
    const kept = await (await opened).match(request, { ignoreVary: true });
    if (kept && isForEver(request.url)) return kept;
    return keep(request).catch((thrown) => kept ?? Promise.reject(thrown));
  }

  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    const { request } = event;
    if (request.method === 'GET' && isOurs(request.url)) event.respondWith(answer(request));
  });
  addEventListener('message', (event) => {
    const told = event.data.map((address) => address.replace(/#.*/, '')).filter(isOurs);
    const missing = async (address) => (await (await opened).match(address, { ignoreVary: true })) || keep(new Request(address));
    event.waitUntil(Promise.allSettled(told.map(missing)));
  });
}
