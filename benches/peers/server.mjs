// Serves the contestants' pages and what they read, on this machine only.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** `roots`: from the first part of a path to the folder it stands for; `files`: from a path to a file or to bytes. */
export async function serve(roots, files) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const [, first, ...rest] = normalize(url.pathname).split('/');
    const given = files(url.pathname);
    const path = typeof given === 'string' ? given : roots[first] && join(roots[first], ...rest);
    const headers = { 'Content-Type': TYPES[extname(url.pathname)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache' };
    // Threads in wasm need shared memory, and that needs an isolated page; the others are measured on an ordinary one.
    headers['Cross-Origin-Resource-Policy'] = 'same-origin';
    if (!url.pathname.endsWith('.html') || url.searchParams.has('isolated')) {
      headers['Cross-Origin-Opener-Policy'] = 'same-origin';
      headers['Cross-Origin-Embedder-Policy'] = 'require-corp';
    }
    if (given instanceof Uint8Array) return response.writeHead(200, headers).end(given);
    if (!path || !statSync(path, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, headers);
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
