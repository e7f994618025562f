// Owns the graphics device: samples chunk by chunk and draws the panels' canvases, so that the page's own thread is free.
import { initSync, Gpu, Core, type GpuRun, type Picture, type View } from '../../../../pkg/gpu/guidance_playground.js';
import { Cores, lackingIn } from '../../../engine/cores.js';
import { toFailure } from '../../../engine/failure.js';
import type { Job } from '../../../engine/gpu/job.js';
import type { DeviceReply, RunOrder } from '../../../engine/gpu/protocol.js';
import { DeviceRuns } from '../../../engine/gpu/runs.js';
import type { DataId, Identified } from '../../../scheme/data.js';
import { forCore } from '../../../engine/for-core.js';
import type { RunConfig } from '../../../scheme/scheme.js';
import { closePart } from '../../drawing/camera.js';
import { CanvasRenderer } from '../../drawing/canvas-renderer.js';
import { Thinning } from '../../drawing/thinning.js';
import type { Order, Reply } from './protocol.js';

type Config = Identified<RunConfig>;

const send = (reply: DeviceReply | Reply) => self.postMessage(reply);

const cores = new Cores((content) => new Core(content));
let gpu: Gpu;
const runs = new DeviceRuns<Config, GpuRun>(
  {
    atOnce: 1,
    lacking: lackingIn(cores),
    open: ({ config }) => gpu.run(cores.of(config.distribution), forCore(config)),
    count: (run) => run.particles,
    ends: (run) => run.positions(run.stepsDone),
    errand,
  },
  send,
);
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

self.onmessage = ({ data: order }: MessageEvent<RunOrder<Config> | Order>) => {
  try {
    hear(order);
  } catch (thrown) {
    stop(thrown);
  }
};

function hear(order: RunOrder<Config> | Order): void {
  switch (order.type) {
    case 'load':
      return void load(order.core, order.software);
    case 'data':
      return cores.learn(order);
    case 'network':
    case 'open':
    case 'cancel':
    case 'release':
    case 'rest':
      return runs.hear(order);
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
    initSync({ module: compiled });
    gpu = await Gpu.open(software);
    runs.begin(gpu);
  } catch (thrown) {
    stop(thrown);
  }
}

/** Nothing more comes from this worker. */
function stop(thrown: unknown): void {
  send({ type: 'stopped', failure: toFailure(thrown) });
}

/** Outlines of everything stand before the first particle moves over them; those of a part wait until nothing else is to be done. */
function errand(job: Job<Config, GpuRun> | undefined): Promise<void> | null {
  const over = job && seenOver(job);
  if (over && !whole.has(over)) return outlineOn(over);
  // The latest first: somebody has just chosen it.
  return !job && outlining.size > 0 && !runs.preparing ? outlineOn([...outlining].at(-1)!) : null;
}

/** The distribution over whose outlines a run's particles are seen; null where they are not. */
function seenOver({ purpose, config }: Job<Config, GpuRun>): DataId | null {
  return purpose === 'sample' ? null : config.distribution;
}

/** A piece of finding the outlines, which every picture then shows. */
async function outlineOn(distribution: DataId): Promise<void> {
  const closeUp = whole.has(distribution) ? closeUps.get(distribution) : undefined;
  try {
    const more = await gpu.outline(cores.of(distribution), closeUp);
    if (!more && whole.has(distribution)) outlining.delete(distribution);
    if (!more) whole.add(distribution);
    const awaited = [...runs.jobs.values()].some((job) => job.ready && seenOver(job) === distribution);
    // Given up meanwhile.
    if (!outlined.has(distribution) && !awaited) forget(distribution);
    renderer.redraw();
  } catch (thrown) {
    outlining.clear();
    for (const job of runs.jobs.values()) job.cancel();
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
  runs.work();
}

async function read(
  { request, run }: { request: number; run: number },
  take: (run: GpuRun) => Promise<Float32Array> | null,
): Promise<void> {
  const job = runs.jobs.get(run);
  try {
    const positions = job ? await job.use(async () => take(job.run)) : null;
    send({ type: 'positions', request, positions });
  } catch (thrown) {
    send({ type: 'positions', request, positions: null });
    runs.fail(run, thrown);
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
          const run = picture.run === undefined ? undefined : runs.jobs.get(picture.run)?.run.id;
          return { ...picture, canvas, run, share };
        }),
      );
    } catch (thrown) {
      stop(thrown);
    }
  });
}
