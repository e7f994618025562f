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
