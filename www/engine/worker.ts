// The engine's thread: owns the wasm instance and does its work in slices, so that new settings are heard at once.
import init, { Playground, limits, schemes } from '../../pkg/guidance_playground.js';
import wasmAddress from '../../pkg/guidance_playground_bg.wasm?url';
import { AdvisedError, toFailure } from './failure.js';
import { Job, type Send } from './job.js';
import { traceOutline } from './outline.js';
import type { ClassName, Request } from './protocol.js';

const send: Send = (report, transfer = []) => self.postMessage(report, { transfer });

const jobs = new Map<number, Job>();
const outlines: Generator<void, void>[] = [];
let playground: Playground | null = null;
let working = false;
/** Milliseconds between two steps that go to the outlines until they are there: about as much as a step takes. */
const outlineShare = 30;

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  jobs.get(request.panel)?.end();
  jobs.delete(request.panel);
  if (request.type === 'run') {
    const job = new Job(request.run, request.config, request.preview, send);
    jobs.set(request.panel, job);
    if (playground) void job.begin(playground).then(work);
  }
};

void start();

async function start(): Promise<void> {
  try {
    await load();
    playground = new Playground();
    send({ type: 'ready', schemes: schemes(), limits: limits(), overview: playground.overview() });
    outlines.push(outline(playground, 'A'), outline(playground, 'B'));
    for (const job of jobs.values()) void job.begin(playground).then(work);
  } catch (thrown) {
    send({ type: 'unavailable', failure: toFailure(thrown) });
  }
}

async function load(): Promise<void> {
  const unavailable = (reason: string) =>
    new AdvisedError(
      'core-unavailable',
      `The sampler, a WebAssembly file, could not be loaded (${reason}).`,
      'Check the connection, then try again.',
    );
  const response = await fetch(wasmAddress).catch(() => {
    throw unavailable('no answer');
  });
  if (!response.ok) throw unavailable(`HTTP status ${response.status}`);
  await init({ module_or_path: response });
}

function* outline(of: Playground, classes: ClassName): Generator<void, void> {
  const rings = yield* traceOutline(of, classes);
  send({ type: 'outline', classes, rings }, rings.map((ring) => ring.buffer));
}

/** Previews first, for the hand that drags; else the least advanced run, so that all panels keep one pace. */
function nextJob(): Job | undefined {
  return [...jobs.values()]
    .filter((job) => job.ready)
    .sort((a, b) => Number(b.preview) - Number(a.preview) || a.progress - b.progress)[0];
}

function traceFor(duration: number): void {
  const until = performance.now() + duration;
  while (outlines.length > 0 && performance.now() < until) {
    if (outlines[0]!.next().done) outlines.shift();
  }
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (;;) {
    const job = nextJob();
    job?.advance();
    // Outlines wait until all runs have begun: particles are what is looked for first.
    const traceable = outlines.length > 0 && ![...jobs.values()].some(({ beginning }) => beginning);
    if (traceable) traceFor(outlineShare);
    else if (!job) break;
    await messagesHeard();
  }
  working = false;
}

const { port1, port2 } = new MessageChannel();

/** Resolves after the messages that are already waiting. */
function messagesHeard(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}
