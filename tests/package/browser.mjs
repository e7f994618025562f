// Pages in Chromium from a folder, under a sub-path and a strict policy.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from '@playwright/test';

const types = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** Serves a folder, with a script of one's own in front of all others of each page. */
export async function serve(folder, script = null) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://host').pathname.replace(/^\/sub\/path\//, '/').replace(/\/$/, '/index.html');
    const file = path === '/first.js' && script ? script : join(folder, normalize(path));
    if (path === '/favicon.ico') return response.writeHead(204).end();
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
    if (script && extname(file) === '.html')
      return response.end(readFileSync(file, 'utf8').replace('<head>', '<head><script src="/first.js"></script>'));
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${server.address().port}/sub/path/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves a folder at the address that `act` is given. */
export async function served(folder, act) {
  const { address, close } = await serve(folder);
  try {
    return await act(address);
  } finally {
    close();
  }
}

/** A page in Chromium, and what went wrong in it: errors, files that were not there, requests to other hosts. */
export async function inChromium(act) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await browser.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('response', (response) => {
      const { protocol, hostname } = new URL(response.url());
      if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') faults.push(response.url());
    });
    return await act(page, faults);
  } finally {
    await browser.close();
  }
}
