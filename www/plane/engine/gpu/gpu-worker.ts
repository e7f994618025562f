// Owns the graphics device: samples chunk by chunk and draws the panels' canvases, so that the page's own thread is free.
import init, { Gpu, Core, type GpuRun, type Picture, type View } from '../../../../pkg/gpu/guidance_playground.js';
import { closePart } from '../../drawing/camera.js';
import { CanvasRenderer } from '../../drawing/canvas-renderer.js';
import { Thinning } from '../../drawing/thinning.js';
import type { DataId, Identified } from '../../../scheme/data.js';
import { forCore, type RunConfig } from '../../../scheme/scheme.js';
import { toFailure } from '../../../engine/failure.js';
import { Pace } from '../../../engine/pace.js';
import { Cores, lackingIn } from '../../../engine/cores.js';
import { NetworkQueue } from '../../../engine/network-queue.js';
import { Job } from './job.js';
import type { Order, Reply } from './protocol.js';

const send = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

const cores = new Cores((content) => new Core(content));
let gpu: Gpu;
let queue: NetworkQueue<Identified<RunConfig>>;
const jobs = new Map<number, Job>();
/** Runs being prepared, which may be given up meanwhile. */
const preparing = new Set<number>();
/** Runs that nobody sees just now. */
let resting = new Set<number>();
const thinning = new Thinning(
  () => renderer.redraw(),
  (share) => send({ type: 'thinned', share }),
);
/** The page's canvases, by the device's numbers. */
const renderer: CanvasRenderer<number> = new CanvasRenderer<number>({
  add: (surface) => gpu.addCanvas(surface),
  resize: (canvas, width, height) => gpu.resizeCanvas(canvas, width, height),
  remove: (canvas) => gpu.removeCanvas(canvas),
  draw,
  rest({ distribution, view }, magnification) {
    const id = distribution as DataId;
    const close = closeUps.get(id);
    const part = closePart(view, magnification, close ? [close] : []);
    if (!part) return;
    closeUps.set(id, part);
    outline(id);
  },
});
/** The part of the plane to outline closely, by distribution, where there is one. */
const closeUps = new Map<DataId, View>();
/** Distributions whose outlines the device has or finds, and those of them that are still being found. */
const outlined = new Set<DataId>();
const outlining = new Set<DataId>();
/** Distributions of which everything is outlined. */
const whole = new Set<DataId>();
const pace = new Pace();
let working = false;

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  try {
    hear(order);
  } catch (thrown) {
    stop(thrown);
  }
};

function hear(order: Order): void {
  switch (order.type) {
    case 'load':
      return void load(order.core, order.software);
    case 'data':
      return cores.learn(order);
    case 'network':
      return queue.receive(order.name, order.bytes);
    case 'open':
      preparing.add(order.run);
      return queue.enter(order.run, order.config, () => void open(order));
    case 'cancel':
    case 'release':
      queue.leave(order.run);
      preparing.delete(order.run);
      if (order.type === 'cancel') {
        jobs.get(order.run)?.cancel();
      } else {
        jobs.get(order.run)?.release();
        jobs.delete(order.run);
      }
      return void work();
    case 'rest':
      resting = new Set(order.runs);
      return void work();
    case 'positions':
      return void read(order, (run) => (order.step <= run.stepsDone ? run.positions(order.step) : null));
    case 'paths':
      return void read(order, (run) => (run.stepsDone === run.steps ? run.paths(order.particles) : null));
    case 'lose':
      return gpu.destroy();
    default:
      renderer.hear(order);
  }
}

async function load(compiled: WebAssembly.Module, software: boolean): Promise<void> {
  try {
    await init({ module_or_path: compiled });
    queue = new NetworkQueue(
      lackingIn(cores),
      (run, names) => send({ type: 'missing', run, names }),
      (run, failure) => send({ type: 'failed', run, failure }),
    );
    gpu = await Gpu.open(software);
    void gpu.lost().then((reason) => {
      const message = `The graphics processor stopped (${reason || 'without a reason'}).`;
      send({ type: 'stopped', failure: { code: 'gpu-lost', message, advice: 'Reload the page to try again.' } });
    });
    send({ type: 'ready', description: gpu.description, software: gpu.software });
    void work();
  } catch (thrown) {
    stop(thrown);
  }
}

/** Nothing more comes from this worker. */
function stop(thrown: unknown): void {
  send({ type: 'stopped', failure: toFailure(thrown) });
}

/** A run's own fault, as a scheme that the device cannot do, fails the run; the device's, or one that nobody foresaw, stops
 * the engine. */
function fail(run: number, thrown: unknown): void {
  const failure = toFailure(thrown);
  if (failure.code.startsWith('gpu-') || failure.code === 'unexpected') send({ type: 'stopped', failure });
  else send({ type: 'failed', run, failure });
}

async function open({ run: id, config, rank, seen }: Extract<Order, { type: 'open' }>): Promise<void> {
  try {
    const run = await gpu.run(cores.of(config.distribution), forCore(config));
    const job = new Job(id, run, rank, seen ? config.distribution : null);
    if (!preparing.delete(id)) return job.release();
    jobs.set(id, job);
    send({ type: 'opened', run: id, noiseLevels: run.noiseLevels(), weights: run.weights() });
    void work();
  } catch (thrown) {
    fail(id, thrown);
  }
}

/** The most urgent first; of those the least advanced, so that all panels keep one pace. What nobody sees, waits. */
function nextJob(): Job | undefined {
  return [...jobs.values()]
    .filter((job) => job.ready && !resting.has(job.id))
    .sort((a, b) => a.rank - b.rank || a.progress - b.progress)[0];
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (;;) {
    const job = nextJob();
    // Outlines of everything stand before the first particle moves over them; those of a part wait until nothing else is to be done.
    if (job?.over && !whole.has(job.over)) await outlineOn(job.over);
    else if (job) await advance(job);
    // The latest first: somebody has just chosen it.
    else if (outlining.size > 0 && preparing.size === 0) await outlineOn([...outlining].at(-1)!);
    else break;
  }
  working = false;
}

async function advance(job: Job): Promise<void> {
  pace.begin();
  try {
    const { stepsDone, evaluations, milliseconds, moved, ends } = await job.advance();
    pace.add(moved);
    pace.end();
    send({ type: 'advanced', run: job.id, stepsDone, evaluations, milliseconds, pace: pace.rate });
    if (ends) send({ type: 'ended', run: job.id, positions: ends });
  } catch (thrown) {
    job.cancel();
    fail(job.id, thrown);
  }
}

/** A piece of finding the outlines, which every picture then shows. */
async function outlineOn(distribution: DataId): Promise<void> {
  const closeUp = whole.has(distribution) ? closeUps.get(distribution) : undefined;
  try {
    const more = await gpu.outline(cores.of(distribution), closeUp);
    if (!more && whole.has(distribution)) outlining.delete(distribution);
    if (!more) whole.add(distribution);
    const awaited = [...jobs.values()].some(({ over, ready }) => ready && over === distribution);
    // Given up meanwhile.
    if (!outlined.has(distribution) && !awaited) forget(distribution);
    renderer.redraw();
  } catch (thrown) {
    outlining.clear();
    for (const job of jobs.values()) job.cancel();
    stop(thrown);
  }
}

/** Another distribution is shown: those that no picture shows any more are forgotten. */
function begin(distribution: DataId): void {
  const shown = new Set(renderer.pictures.map((picture) => picture.distribution));
  for (const other of new Set([...outlined, ...whole])) if (!shown.has(other)) forget(other);
  outlined.add(distribution);
  outline(distribution);
}

function forget(distribution: DataId): void {
  gpu.forgetOutline(distribution);
  for (const known of [outlined, outlining, whole, closeUps]) known.delete(distribution);
}

function outline(distribution: DataId): void {
  outlining.add(distribution);
  void work();
}

async function read(
  { request, run }: { request: number; run: number },
  take: (run: GpuRun) => Promise<Float32Array> | null,
): Promise<void> {
  const job = jobs.get(run);
  try {
    const positions = job ? await job.use(async () => take(job.run)) : null;
    send({ type: 'positions', request, positions });
  } catch (thrown) {
    send({ type: 'positions', request, positions: null });
    fail(run, thrown);
  }
}

/** Draws with the device's numbers for canvases and runs. */
function draw(pictures: { canvas: number; picture: Picture }[], moved: boolean): void | Promise<void> {
  for (const { picture } of pictures) {
    const id = picture.distribution as DataId;
    if (!outlined.has(id)) begin(id);
  }
  return thinning.draw(moved, async (share) => {
    try {
      await gpu.draw(
        pictures.map(({ canvas, picture }) => {
          const run = picture.run === undefined ? undefined : jobs.get(picture.run)?.run.id;
          return { ...picture, canvas, run, share };
        }),
      );
    } catch (thrown) {
      stop(thrown);
    }
  });
}
