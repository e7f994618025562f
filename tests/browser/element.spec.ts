// What a page can ask of a figure: attributes, properties, methods, events.
import type { GuidancePlayground } from '../../www/element/guidance-playground.js';
import { allGroups, figureGroups, type Group } from '../../www/element/groups.js';
import { expect, panel, test } from './fixture.js';
import { attribute, figures, heard, live, openHost, quick, ready, set, stateOf } from './host.js';

const opening = {
  schemes: ['none', 'classifier-free', 'autoguidance'],
  seed: 1,
  particles: 512,
  steps: 4,
  max: 5,
  position: 4,
  playing: false,
  lit: [],
  view: null,
  follow: true,
  paths: false,
  coverage: false,
  shading: 'points',
  field: null,
  cut: null,
};

test('attributes say what is seen', async ({ page }) => {
  await openHost(
    page,
    `<guidance-playground engine="cpu" schemes="none,ht-1.10~weight:2.5,apg" panels="2" seed="7" particles="1024" levels="~steps:6~max:9"
      view="0.5,-0.25,0.75" follow="0" paths coverage shading="density" field="difference" cut="-1,0,1,0.5" lit="3,5" step="2"></guidance-playground>`,
  );
  const figure = figures(page);
  await ready(figure);
  expect(await stateOf(figure)).toMatchObject({
    schemes: ['none', 'ht-1.10'],
    seed: 7,
    particles: 1024,
    steps: 6,
    max: 9,
    position: 2,
    lit: [3, 5],
    view: { x: 0.5, y: -0.25, halfWidth: 0.75 },
    follow: false,
    paths: true,
    coverage: true,
    shading: 'density',
    field: 'difference',
    cut: { from: [-1, 0], to: [1, 0.5] },
  });
  await expect(page.locator('section[aria-label^="Panel"]')).toHaveCount(2);
  await expect(page.locator('[data-notice]')).toBeEmpty();
});

test('a preset, a whole state, and attributes over them', async ({ page }) => {
  await openHost(
    page,
    `<guidance-playground ${quick} preset="guides" seed="4"></guidance-playground>
     <guidance-playground engine="cpu" state="v=1&schemes=none&seed=9&particles=512&levels=~steps:6&step=3" seed="5"></guidance-playground>
     <guidance-playground engine="cpu" particles="512" levels="~steps:8" sigma="0.5"></guidance-playground>`,
  );
  for (const index of [0, 1, 2]) {
    await figures(page).nth(index).scrollIntoViewIfNeeded();
    await ready(figures(page).nth(index));
  }
  const [preset, whole, sigma] = [
    await stateOf(figures(page).nth(0)),
    await stateOf(figures(page).nth(1)),
    await stateOf(figures(page).nth(2)),
  ];
  expect(preset).toMatchObject({ seed: 4, particles: 512, steps: 4 });
  expect(preset.schemes).not.toEqual(opening.schemes);
  expect(whole).toMatchObject({ schemes: ['none'], seed: 5, steps: 6, position: 3 });
  const shown = await figures(page)
    .nth(2)
    .evaluate((element: GuidancePlayground) => element.exportData().then((blob) => blob.text()));
  expect(sigma.position).toBeGreaterThan(0);
  expect(sigma.position).toBeLessThan(8);
  expect(shown).toContain('"program"');
});

test('properties from before the element is defined, and later ones, over attributes', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} seed="2"></guidance-playground>`, {
    scripts: `<script>
      addEventListener('DOMContentLoaded', () => {
        Object.assign(document.querySelector('guidance-playground'), { seed: 11, paths: true, schemes: ['none', { guide: null }], lit: [1, 2] });
        const module = document.createElement('script');
        Object.assign(module, { type: 'module', src: './guidance-playground.js' });
        document.head.append(module);
      });
    </script>`,
  });
  const figure = figures(page);
  await figure.evaluate(() => customElements.whenDefined('guidance-playground'));
  await ready(figure);
  expect(await stateOf(figure)).toMatchObject({ ...opening, schemes: ['none', 'none'], seed: 11, paths: true, lit: [1, 2] });
  expect(await figure.evaluate((element) => Object.keys(element))).not.toContain('seed');

  // Only what is named becomes another.
  await set(figure, { seed: 12, paths: false, levels: { steps: 5, spacing: { edm: { rho: 5 } } } });
  const changed = await stateOf(figure);
  expect(changed).toMatchObject({ ...opening, schemes: ['none', 'none'], seed: 12, steps: 5, position: 5, lit: [1, 2] });
  await set(figure, { view: [1, 0, 0.5], lit: [] });
  expect(await stateOf(figure)).toEqual({ ...changed, view: { x: 1, y: 0, halfWidth: 0.5, halfHeight: 0.5 }, lit: [] });
  expect(await figure.evaluate(({ seed, paths, lit }: GuidancePlayground) => ({ seed, paths, lit }))).toEqual({
    seed: 12,
    paths: false,
    lit: [],
  });
});

test('a changed attribute changes that and nothing else, and one that is taken away is as if it had never been', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} seed="3" paths field="difference"></guidance-playground>`);
  const figure = figures(page);
  await ready(figure);
  let expected = { ...opening, ...(await stateOf(figure)) };
  expect(expected).toMatchObject({ seed: 3, paths: true, field: 'difference' });
  const steps: [string, string | null, Partial<typeof expected>][] = [
    ['seed', '8', { seed: 8 }],
    ['shading', 'density', { shading: 'density' }],
    ['cut', '0,0,1,1', { cut: { from: [0, 0], to: [1, 1] } }],
    ['step', '1', { position: 1 }],
    ['paths', null, { paths: false }],
    ['field', null, { field: null }],
    ['cut', null, { cut: null }],
    ['shading', null, { shading: 'points' }],
    ['follow', 'false', { follow: false }],
    ['follow', null, { follow: true }],
    ['coverage', '', { coverage: true }],
    ['coverage', 'false', { coverage: false }],
    ['seed', null, { seed: 1 }],
    ['step', null, { position: 4 }],
  ];
  for (const [name, value, change] of steps) {
    await attribute(figure, name, value);
    expected = { ...expected, ...change };
    expect(await stateOf(figure), `${name}=${value}`).toEqual(expected);
  }
  await expect(page.locator('.note p')).toHaveCount(0);
});

test('panels are the first of the schemes, and everything comes over a preset, later too', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} schemes="none,apg,ht-1.10" panels="1"></guidance-playground>`);
  const figure = figures(page);
  await ready(figure);
  const schemes = async () => (await stateOf(figure)).schemes.join();
  expect(await schemes()).toBe('none');
  await set(figure, { panels: 2 });
  expect(await schemes()).toBe('none,apg');
  await set(figure, { schemes: ['apg', 'none', 'none'] });
  expect(await schemes()).toBe('apg,none');
  await attribute(figure, 'panels', null);
  await set(figure, { panels: null as never });
  expect(await schemes()).toBe('apg,none,none');
  await set(figure, { preset: 'scaling', schemes: null as never });
  await set(figure, { panels: 2 });
  expect(await stateOf(figure)).toMatchObject({ schemes: ['none', 'ht-1.02'], particles: 512, steps: 4 });
  await set(figure, { preset: 'guides' });
  expect(await stateOf(figure)).toMatchObject({ schemes: ['autoguidance', 'autoguidance'], particles: 512, steps: 4 });
});

test('what cannot be had is said in the figure and by an event, and changes nothing', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`);
  const figure = figures(page);
  await ready(figure);
  const before = await stateOf(figure);
  const bad: [string, string, RegExp][] = [
    ['seed', 'seven', /whole number/],
    ['particles', '77', /it can be 512/],
    ['schemes', 'none,nonsense', /no scheme named “nonsense”/],
    ['levels', '~steps:0', /between/],
    ['view', '1,2', /3 numbers/],
    ['field', 'gravity', /it can be main-score/],
    ['step', '99', /from 0 to 4/],
    ['preset', 'nonsense', /there are opening/],
    ['show', 'everything', /no group of controls “everything”/],
    ['theme', 'pink', /theme/],
    ['engine', 'steam', /engine/],
  ];
  for (const [name, value, sentence] of bad) {
    const count = (await heard(page, 'error')).length;
    await attribute(figure, name, value);
    await expect(figure.locator('.note'), name).toContainText(sentence);
    const errors = await heard(page, 'error');
    expect(errors.length, name).toBe(count + 1);
    expect(errors.at(-1)!['message'], name).toMatch(sentence);
    expect(errors.at(-1)!['code']).toBe('invalid');
    expect(await stateOf(figure), name).toEqual(before);
    // A right one takes the sentence away.
    await attribute(figure, name, new RegExp(`${name}="(.*?)"`).exec(quick)?.[1] ?? null);
    await expect(figure.locator('.note'), name).toBeEmpty();
    expect(await stateOf(figure), name).toEqual(before);
  }
  expect(await heard(page, 'change')).toEqual([]);
});

test('what cannot be had from the beginning is left out, with a sentence and an event', async ({ page }) => {
  await openHost(page, '', {});
  await page.evaluate((quick) => {
    document.body.innerHTML = '<p>…</p>';
    const figure = document.createElement('guidance-playground');
    window.heard = [];
    figure.addEventListener('error', ({ detail }) => window.heard.push({ type: 'error', detail: { ...detail } }));
    document.body.append(figure);
    for (const [, name, value] of quick.matchAll(/(\w+)="([^"]*)"/g)) figure.setAttribute(name!, value!);
    figure.setAttribute('seed', 'seven');
    figure.setAttribute('show', 'everything');
    figure.setAttribute('paths', '');
  }, quick);
  const figure = figures(page);
  await ready(figure);
  expect(await stateOf(figure)).toMatchObject({ ...opening, paths: true });
  await expect(figure).toContainText('whole number');
  await expect(figure).toContainText('no group of controls “everything”');
  expect((await heard(page, 'error')).map(({ message }) => String(message)).join(' ')).toMatch(
    /everything.*whole number|whole number.*everything/s,
  );
});

/** What of a group is seen. */
const marks: Record<Group, string> = {
  schemes: 'gp-scheme-picker select[aria-label^="Scheme of"]',
  menus: 'gp-panel-menu',
  models: 'gp-scheme-models',
  details: 'gp-scheme-details',
  parameters: 'gp-scheme-picker .parameters',
  captions: '.caption',
  results: '[data-measure]',
  clock: 'gp-playground-transport',
  toolbar: 'gp-playground-toolbar',
  sampling: 'gp-sampling-settings',
  lit: 'gp-lit-table',
  engine: '[data-engine]',
  studies: 'gp-sweep-study',
};

test('every group of controls is shown and hidden', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} show="all"></guidance-playground>`);
  const figure = figures(page);
  await ready(figure);
  for (const group of allGroups) await expect(figure.locator(marks[group]).first(), group).toBeAttached();
  for (const group of allGroups) {
    await set(figure, { hide: group });
    await expect(figure.locator(marks[group]), `without ${group}`).toHaveCount(0);
    const other = allGroups[(allGroups.indexOf(group) + 1) % allGroups.length]!;
    await expect(figure.locator(marks[other]).first(), `${other} without ${group}`).toBeAttached();
  }
  await set(figure, { show: '', hide: '' });
  for (const group of allGroups) {
    const shown = figure.locator(marks[group]);
    if (figureGroups.includes(group)) await expect(shown.first(), group).toBeAttached();
    else await expect(shown, group).toHaveCount(0);
  }
});

test('methods of a figure far below load it, and say what they found', async ({ page }) => {
  await openHost(page, `<div style="height: 9000px"></div><guidance-playground ${quick}></guidance-playground>`);
  const figure = figures(page);
  await page.waitForTimeout(300);
  expect(await figure.evaluate(({ instrument }: GuidancePlayground) => instrument)).toBeNull();
  const said = await figure.evaluate(async (element: GuidancePlayground) => {
    await element.setState({ seed: 21, schemes: ['none', 'autoguidance~weight:2'] });
    const metrics = await element.metrics();
    await element.seek(2);
    const state = element.state;
    await element.setState('v=1&seed=5&particles=512&levels=~steps:4');
    const kinds: string[] = [];
    for (const type of ['png', 'svg'] as const) kinds.push((await element.exportImage(type)).type);
    for (const type of ['json', 'particles.csv', 'trajectories.csv'] as const) kinds.push((await element.exportData(type)).type);
    return {
      found: metrics.map((each) => each!.outliers.value),
      state,
      kinds,
      after: element.settings!.panels.length,
      seed: element.settings!.sampling.seed,
    };
  });
  expect(said.found).toHaveLength(2);
  for (const value of said.found) expect(value).toBeGreaterThan(0);
  expect(said.state).toBe(
    'v=1&schemes=none,autoguidance~schedule.constant:2&levels=~steps:4&seed=21&particles=512&step=2'.replace(
      'schedule.constant',
      /schemes=none,autoguidance~([\w.]+):2/.exec(said.state)?.[1] ?? '?',
    ),
  );
  expect(said.kinds.map((kind) => kind.split(';')[0])).toEqual(['image/png', 'image/svg+xml', 'application/json', 'text/csv', 'text/csv']);
  // A text is the whole state.
  expect([said.after, said.seed]).toEqual([3, 5]);
  expect(await page.evaluate(() => window.bubbled)).toEqual([]);
});

test('a state that cannot be had is refused whole, with a code and advice', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`);
  const figure = figures(page);
  await ready(figure);
  const before = await stateOf(figure);
  for (const state of [
    { seed: 9, particles: 77 },
    { nonsense: 1 },
    'v=1&seed=9&step=200',
    'v=99&seed=3',
    { schemes: Array(7).fill('none') },
    { show: 'all' },
  ]) {
    const thrown = await figure.evaluate(
      (element: GuidancePlayground, state) =>
        element.setState(state as never).then(
          () => null,
          ({ code, message, advice }: Record<string, string>) => ({ code, message, advice }),
        ),
      state,
    );
    expect(thrown, JSON.stringify(state)).toEqual({
      code: 'invalid',
      message: expect.stringMatching(/\w+ .*\.$/),
      advice: expect.stringMatching(/\w+ .*\.$/),
    });
    expect(await stateOf(figure), JSON.stringify(state)).toEqual(before);
  }
  for (const step of [-1, 99, 1.5, NaN]) {
    const refused = await figure.evaluate(
      (element: GuidancePlayground, step) =>
        element.seek(step).then(
          () => '',
          ({ code }: { code: string }) => code,
        ),
      step,
    );
    expect(refused, String(step)).toBe('invalid');
  }
  expect(await stateOf(figure)).toEqual(before);
});

test('it plays, pauses and seeks, and tells every moment', async ({ page }) => {
  await openHost(page, `<guidance-playground engine="cpu" particles="512" levels="~steps:32" home="./"></guidance-playground>`, {
    motion: true,
  });
  const figure = figures(page);
  await ready(figure);
  expect((await stateOf(figure)).playing).toBe(false);
  await figure.evaluate((element: GuidancePlayground) => element.play());
  await expect.poll(async () => (await stateOf(figure)).position).toBeGreaterThan(2);
  expect((await stateOf(figure)).playing).toBe(true);
  await figure.evaluate((element: GuidancePlayground) => element.pause());
  const paused = await stateOf(figure);
  expect(paused.playing).toBe(false);
  await page.waitForTimeout(300);
  expect(await stateOf(figure)).toEqual(paused);
  await figure.evaluate((element: GuidancePlayground) => element.seek(30));
  await expect.poll(async () => (await heard(page, 'frame')).at(-1)!['step']).toBe(30);
  const frames = await heard(page, 'frame');
  expect(frames.length).toBeGreaterThan(5);
  for (const { step, steps, sigma } of frames as { step: number; steps: number; sigma: number | null }[]) {
    expect(step).toBeLessThanOrEqual(32);
    expect(steps).toBe(32);
    // Before there is a run, nobody knows the levels.
    if (sigma !== null) expect(sigma).toBeGreaterThanOrEqual(0);
  }
  expect(frames.at(-1)!['sigma']).toBeLessThan(0.1);
  // The link leads to what is seen.
  await expect(figure.getByRole('link', { name: 'Open in the Guidance Playground' })).toHaveAttribute('href', /step=30/);
  await figure.evaluate((element: GuidancePlayground) => element.play());
  await expect.poll(async () => (await stateOf(figure)).playing).toBe(false);
  expect((await stateOf(figure)).position).toBe(32);
});

test('it is ready once, tells changes by hand and by script, and none of it bubbles', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} home="https://example.org/playground/"></guidance-playground>`);
  const figure = figures(page);
  await ready(figure);
  await expect.poll(() => heard(page, 'ready')).toEqual([{ state: 'v=1&levels=~steps:4&particles=512' }]);
  await expect
    .poll(async () => (await heard(page, 'enginechange')).at(-1))
    .toMatchObject({ kind: 'cpu', description: expect.stringContaining('worker'), notice: '' });
  expect(await heard(page, 'change')).toEqual([]);
  await panel(page, 2).getByRole('combobox', { name: 'Scheme of' }).selectOption('ht-1.10');
  await expect
    .poll(() => heard(page, 'change'))
    .toEqual([{ state: 'v=1&schemes=none,ht-1.10,autoguidance&levels=~steps:4&particles=512' }]);
  const link = figure.getByRole('link', { name: 'Open in the Guidance Playground' });
  await expect(link).toHaveAttribute(
    'href',
    'https://example.org/playground/#v=1&schemes=none,ht-1.10,autoguidance&levels=~steps:4&particles=512',
  );
  const before = await stateOf(figure);
  await set(figure, { seed: 4, field: 'ratio' });
  await expect.poll(async () => (await heard(page, 'change')).length).toBe(2);
  const [first, second] = (await heard(page, 'change')) as { state: string }[];
  const after = await stateOf(figure);
  expect(after).toEqual({ ...before, seed: 4, field: 'ratio' });
  for (const [{ state }, wanted] of [
    [first!, before],
    [second!, after],
  ] as const) {
    await figure.evaluate((element: GuidancePlayground, state) => element.setState(state), state);
    expect(await stateOf(figure)).toEqual(wanted);
    await ready(figure);
  }
  expect(await heard(page, 'ready')).toHaveLength(1);
  expect(await heard(page, 'error')).toEqual([]);
  expect(await page.evaluate(() => window.bubbled)).toEqual([]);
});

test('autoplay plays once when the figure is first seen, and not where motion is unwelcome', async ({ page }) => {
  const body = `<div style="height: 1400px"></div><guidance-playground engine="cpu" particles="512" levels="~steps:6" autoplay></guidance-playground>`;
  await openHost(page, body, { motion: true });
  const figure = figures(page);
  await live(page);
  await page.waitForTimeout(500);
  expect(await stateOf(figure)).toMatchObject({ position: 0, playing: true });
  await figure.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await stateOf(figure)).position, { intervals: [20] }).toBeGreaterThan(0);
  await expect.poll(() => stateOf(figure)).toMatchObject({ position: 6, playing: false });
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(200);
  await figure.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  expect(await stateOf(figure)).toMatchObject({ position: 6, playing: false });

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await figure.scrollIntoViewIfNeeded();
  await ready(figure);
  expect(await stateOf(figure)).toMatchObject({ position: 6, playing: false });
});

test('the poster stands until the figure does, under its own name', async ({ page }) => {
  let deliver = () => {};
  const wanted = new Promise<void>((resolve) => (deliver = resolve));
  await page.route('**/figure-*.js', async (route) => {
    await wanted;
    await route.continue();
  });
  await openHost(page, `<guidance-playground ${quick} poster="./icon.svg" label="Guides compared"></guidance-playground>`);
  const figure = figures(page);
  const image = page.getByRole('img', { name: 'Guides compared, before it is live' });
  await expect(image).toBeVisible();
  expect(await image.evaluate((element: HTMLImageElement) => new URL(element.src).pathname)).toBe('/icon.svg');
  deliver();
  await ready(figure);
  await expect(image).toBeHidden();
  await expect(page.getByRole('group', { name: 'Guides compared' })).toBeVisible();
  await set(figure, { label: 'Others' });
  await expect(page.getByRole('group', { name: 'Others' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Guides compared' })).toHaveCount(0);
});
