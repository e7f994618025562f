// A user's module; it is compiled, and never run.
import type { GuidancePlayground } from 'guidance-playground/element';
import {
  addModel,
  metrics,
  models,
  sample,
  schemes,
  score,
  version,
  type GuidanceError,
  type Metrics,
  type NamedScheme,
  type RunConfig,
  type Samples,
  type Scheme,
  type SchemeDescription,
  type Schedule,
  type Scores,
} from 'guidance-playground';

import * as images from 'guidance-playground/images';
import { startTraining, train, type Trained, type TrainingHandle, type TrainingRun } from 'guidance-playground/training';

const schedule: Schedule = { beta: { a: 2, b: 3 } };
const description: SchemeDescription = {
  main: 'main-64-4096',
  guide: { model: 'guide-32-0512', condition: 'A' },
  weight: 3,
  schedule,
  interval: null,
};

export async function show(embed: GuidancePlayground = document.createElement('guidance-playground')): Promise<string> {
  embed.particles = 500;
  embed.schemes = ['none', description];
  // @ts-expect-error there is no such theme
  embed.theme = 'darkish';
  await embed.play();
  const [first] = await embed.metrics();
  return `${first?.outliers.value} ${embed.settings?.panels.length}`;
}

export async function use(signal: AbortSignal): Promise<number> {
  const samples: Samples = await sample(description, { particles: 100, seed: 2, paths: true, signal, progress: (done: number) => done });
  const paths: Float32Array | undefined = samples.paths;
  const config: RunConfig = samples.config;
  const whole: Scheme = config.scheme;
  const guide: string | undefined = whole.guide?.condition ?? whole.main.model;
  const scores: Scores = await score('exact:A', samples.positions, 0.5, { signal });
  const found: Metrics = await metrics(samples.positions);
  const named: NamedScheme | undefined = schemes.find(({ name }) => name === 'autoguidance');
  const ranges = named?.parameters.map(({ path, least, greatest }) => `${path} ${least} ${greatest}`);
  await sample(named!.scheme);
  await sample(config, { seed: 3 });
  await addModel(`mine-${version}`, new Uint8Array(1)).catch((error: GuidanceError) => error.code + error.advice);
  await sample({ ...description, combination: { own: { text: 'D1', values: { g: 1 }, name: 'Mine' } } });
  // @ts-expect-error a rule of one's own is a text
  await sample({ ...description, combination: { own: { rule: 1 } } });
  // @ts-expect-error a scheme has no such field
  await sample({ wieght: 3 });
  // @ts-expect-error nor has sample such an option
  await sample('none', { particle: 3 });
  // @ts-expect-error the guide may be missing
  scores.guide.scores;
  return (
    found.outliers.value +
    found.outliers.standardError +
    found.outliers.floor.mean +
    models.length +
    scores.guided.length +
    (paths?.length ?? 0) +
    (guide?.length ?? 0) +
    (ranges?.length ?? 0)
  );
}

export async function draw(canvas: CanvasRenderingContext2D): Promise<number> {
  const scheme: images.SchemeDescription = { main: 'main', guide: { model: 'guide', sigmaScale: 1.2 }, weight: 2, levels: { steps: 8 } };
  const drawn: images.Samples = await images.sample({ prompt: 'rocket', scheme, pictures: 2, seed: 3 });
  canvas.putImageData(new ImageData(drawn.pixels.subarray(0, 4096), 32), 0, 0);
  // @ts-expect-error a scheme of pictures has no such field
  await images.sample({ scheme: { wieght: 3 } });
  const found = await images.metrics(drawn.data, { prompt: 'rocket' });
  const [first] = await images.readings(drawn.pixels);
  const { unknown }: images.PromptWords = await images.read('roket');
  const { pictures } = await images.truth('rocket', { pictures: 2 });
  // @ts-expect-error a prompt may ask nothing of styles
  found.estimates.styleRight.value;
  const share: images.Share | undefined = found.shares.styles[0];
  return (found.estimates.distance?.value ?? 0) + (share?.truth ?? 0) + (first?.distance ?? 0) + unknown.length + pictures.length;
}

export async function learn(signal: AbortSignal): Promise<string | undefined> {
  const run: TrainingRun = { data: 'two-moons', classes: 'AB', hidden: 32, iterations: 64 };
  const handle: TrainingHandle = startTraining([run], { ended: ({ type }) => type, progress: ({ done }) => done }, { name: 'mine' });
  handle.pause();
  const { network, metadata }: Trained = await train({ classes: 'A', hidden: 16, signal, progress: ({ curve }) => curve.losses });
  // @ts-expect-error there is no such class
  await train({ classes: 'C' });
  // @ts-expect-error a run says how long it is
  startTraining([{ hidden: 32 }], { ended() {} });
  return network.length > 0 ? metadata['data'] : undefined;
}
