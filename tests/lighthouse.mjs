// Lighthouse's scores of the built page, as a phone and as a desktop: `npm run lighthouse`, after `npm run build`. It is
// fetched by npx when asked for, because it weighs 185 MB. Fails under 95.
import { execFile, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const lighthouse = process.env.LIGHTHOUSE ?? 'lighthouse@12.8.2';
const port = 4199;
const address = `http://127.0.0.1:${port}/`;
const least = 95;
const flags = ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];
/** What is told beside the scores. */
const audits = ['first-contentful-paint', 'largest-contentful-paint', 'speed-index', 'total-blocking-time', 'cumulative-layout-shift'];

async function served() {
  for (let attempt = 0; attempt < 50; attempt++) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    await wait(200);
  }
  throw new Error('The built page could not be served: is there a dist folder?');
}

async function measure(form) {
  const options = form === 'desktop' ? ['--preset=desktop'] : [];
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      '--yes',
      lighthouse,
      address,
      ...options,
      '--quiet',
      '--output=json',
      '--only-categories=performance,accessibility,best-practices',
      `--chrome-flags=${flags.join(' ')}`,
    ],
    { maxBuffer: 2 ** 27, env: { CHROME_PATH: '/usr/bin/chromium', ...process.env, ...chromium } },
  );
  return JSON.parse(stdout);
}

const chromium = process.env.CHROMIUM ? { CHROME_PATH: process.env.CHROMIUM } : {};
const server = spawn('node_modules/.bin/vite', ['preview', '--host', '127.0.0.1', '--strictPort', '--port', String(port)]);
try {
  await served();
  for (const form of ['mobile', 'desktop']) {
    const report = await measure(form);
    // A busy machine is a slow one: below 1000 or so its scores say more of it than of the page.
    console.log(`${form}: speed of this machine ${Math.round(report.environment.benchmarkIndex)}`);
    for (const { title, score } of Object.values(report.categories)) {
      const points = Math.round(100 * score);
      console.log(`${form}: ${title} ${points}`);
      if (points < least) process.exitCode = 1;
    }
    console.log(`  ${audits.map((id) => `${report.audits[id].title} ${report.audits[id].displayValue}`).join(', ')}`);
    const weighs = Object.values(report.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
    const failed = weighs.map(({ id }) => report.audits[id]).filter(({ score }) => score !== null && score < 0.9);
    for (const { title } of failed) console.log(`  below 90: ${title}`);
  }
} finally {
  server.kill();
}
