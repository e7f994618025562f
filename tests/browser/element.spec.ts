// What a page can ask of an embed: attributes, properties, methods, events.
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { allGroups, embedGroups, type Group } from '../../www/components/groups.js';
import { expect, panel, test, idle, shared } from './fixture.js';
import { attribute, embeds, heard, live, openHost, quick, ready, set, stateOf } from './host.js';

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

shared('attributes say what is seen', async ({ page }) => {
  await openHost(
    page,
    `<guidance-playground engine="cpu" schemes="none,ht-1.10~weight:2.5,apg" panels="2" seed="7" particles="1024" levels="~steps:6~max:9"
      view="0.5,-0.25,0.75" follow="0" paths coverage shading="density" field="difference" cut="-1,0,1,0.5" lit="3,5" step="2"></guidance-playground>`,
  );
  const embed = embeds(page);
  await ready(embed);
  expect(await stateOf(embed)).toMatchObject({
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

shared('a preset, a whole state, and attributes over them', async ({ page }) => {
  await openHost(
    page,
    `<guidance-playground ${quick} preset="guides" seed="4"></guidance-playground>
     <guidance-playground engine="cpu" state="v=1&schemes=none&seed=9&particles=512&levels=~steps:6&step=3" seed="5"></guidance-playground>
     <guidance-playground engine="cpu" particles="512" levels="~steps:8" sigma="0.5"></guidance-playground>`,
  );
  for (const index of [0, 1, 2]) {
    await embeds(page).nth(index).scrollIntoViewIfNeeded();
    await ready(embeds(page).nth(index));
  }
  const [preset, whole, sigma] = [
    await stateOf(embeds(page).nth(0)),
    await stateOf(embeds(page).nth(1)),
    await stateOf(embeds(page).nth(2)),
  ];
  expect(preset).toMatchObject({ seed: 4, particles: 512, steps: 4 });
  expect(preset.schemes).not.toEqual(opening.schemes);
  expect(whole).toMatchObject({ schemes: ['none'], seed: 5, steps: 6, position: 3 });
  const shown = await embeds(page)
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
  const embed = embeds(page);
  await embed.evaluate(() => customElements.whenDefined('guidance-playground'));
  await ready(embed);
  expect(await stateOf(embed)).toMatchObject({ ...opening, schemes: ['none', 'none'], seed: 11, paths: true, lit: [1, 2] });
  expect(await embed.evaluate((element) => Object.keys(element))).not.toContain('seed');

  // Only what is named becomes another.
  await set(embed, { seed: 12, paths: false, levels: { steps: 5, spacing: { edm: { rho: 5 } } } });
  const changed = await stateOf(embed);
  expect(changed).toMatchObject({ ...opening, schemes: ['none', 'none'], seed: 12, steps: 5, position: 5, lit: [1, 2] });
  await set(embed, { view: [1, 0, 0.5], lit: [] });
  expect(await stateOf(embed)).toEqual({ ...changed, view: { x: 1, y: 0, halfWidth: 0.5, halfHeight: 0.5 }, lit: [] });
  expect(await embed.evaluate(({ seed, paths, lit }: GuidancePlayground) => ({ seed, paths, lit }))).toEqual({
    seed: 12,
    paths: false,
    lit: [],
  });
});

shared('a changed attribute changes that and nothing else, and one that is taken away is as if it had never been', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} seed="3" paths field="difference"></guidance-playground>`);
  const embed = embeds(page);
  await ready(embed);
  let expected = { ...opening, ...(await stateOf(embed)) };
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
    await attribute(embed, name, value);
    expected = { ...expected, ...change };
    expect(await stateOf(embed), `${name}=${value}`).toEqual(expected);
  }
  await expect(page.locator('.note p')).toHaveCount(0);
});

shared('panels are the first of the schemes, and everything comes over a preset, later too', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} schemes="none,apg,ht-1.10" panels="1"></guidance-playground>`);
  const embed = embeds(page);
  await ready(embed);
  const schemes = async () => (await stateOf(embed)).schemes.join();
  expect(await schemes()).toBe('none');
  await set(embed, { panels: 2 });
  expect(await schemes()).toBe('none,apg');
  await set(embed, { schemes: ['apg', 'none', 'none'] });
  expect(await schemes()).toBe('apg,none');
  await attribute(embed, 'panels', null);
  await set(embed, { panels: null as never });
  expect(await schemes()).toBe('apg,none,none');
  await set(embed, { preset: 'scaling', schemes: null as never });
  await set(embed, { panels: 2 });
  expect(await stateOf(embed)).toMatchObject({ schemes: ['none', 'ht-1.02'], particles: 512, steps: 4 });
  await set(embed, { preset: 'guides' });
  expect(await stateOf(embed)).toMatchObject({ schemes: ['autoguidance', 'autoguidance'], particles: 512, steps: 4 });
});

shared('what cannot be had is said in the embed and by an event, and changes nothing', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`);
  const embed = embeds(page);
  await ready(embed);
  const before = await stateOf(embed);
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
    await attribute(embed, name, value);
    await expect(embed.locator('.note'), name).toContainText(sentence);
    const errors = await heard(page, 'error');
    expect(errors.length, name).toBe(count + 1);
    expect(errors.at(-1)!['message'], name).toMatch(sentence);
    expect(errors.at(-1)!['code']).toBe('invalid');
    expect(await stateOf(embed), name).toEqual(before);
    // A right one takes the sentence away.
    await attribute(embed, name, new RegExp(`${name}="(.*?)"`).exec(quick)?.[1] ?? null);
    await expect(embed.locator('.note'), name).toBeEmpty();
    expect(await stateOf(embed), name).toEqual(before);
  }
  expect(await heard(page, 'change')).toEqual([]);
});

shared('what cannot be had from the beginning is left out, with a sentence and an event', async ({ page }) => {
  await openHost(page, '', {});
  await page.evaluate((quick) => {
    document.body.innerHTML = '<p>…</p>';
    const embed = document.createElement('guidance-playground');
    window.heard = [];
    embed.addEventListener('error', ({ detail }) => window.heard.push({ type: 'error', detail: { ...detail } }));
    document.body.append(embed);
    for (const [, name, value] of quick.matchAll(/(\w+)="([^"]*)"/g)) embed.setAttribute(name!, value!);
    embed.setAttribute('seed', 'seven');
    embed.setAttribute('show', 'everything');
    embed.setAttribute('paths', '');
  }, quick);
  const embed = embeds(page);
  await ready(embed);
  expect(await stateOf(embed)).toMatchObject({ ...opening, paths: true });
  await expect(embed).toContainText('whole number');
  await expect(embed).toContainText('no group of controls “everything”');
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

shared('every group of controls is shown and hidden', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} show="all"></guidance-playground>`);
  const embed = embeds(page);
  await ready(embed);
  for (const group of allGroups) await expect(embed.locator(marks[group]).first(), group).toBeAttached();
  await expect(embed.locator(marks.captions).first()).toContainText('The main model alone: it covers all of the data');
  for (const group of allGroups) {
    await set(embed, { hide: group });
    await expect(embed.locator(marks[group]), `without ${group}`).toHaveCount(0);
    const other = allGroups[(allGroups.indexOf(group) + 1) % allGroups.length]!;
    await expect(embed.locator(marks[other]).first(), `${other} without ${group}`).toBeAttached();
  }
  await set(embed, { show: '', hide: '' });
  for (const group of allGroups) {
    const shown = embed.locator(marks[group]);
    if (embedGroups.includes(group)) await expect(shown.first(), group).toBeAttached();
    else await expect(shown, group).toHaveCount(0);
  }
});

shared('methods of an embed far below load it, and say what they found', async ({ page }) => {
  await openHost(page, `<div style="height: 9000px"></div><guidance-playground ${quick}></guidance-playground>`);
  const embed = embeds(page);
  await idle(page);
  expect(await embed.evaluate(({ instrument }: GuidancePlayground) => instrument)).toBeNull();
  const said = await embed.evaluate(async (element: GuidancePlayground) => {
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

shared('a state that cannot be had is refused whole, with a code and advice', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`);
  const embed = embeds(page);
  await ready(embed);
  const before = await stateOf(embed);
  for (const state of [
    { seed: 9, particles: 77 },
    { nonsense: 1 },
    'v=1&seed=9&step=200',
    'v=99&seed=3',
    { schemes: Array(7).fill('none') },
    { show: 'all' },
  ]) {
    const thrown = await embed.evaluate(
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
    expect(await stateOf(embed), JSON.stringify(state)).toEqual(before);
  }
  for (const step of [-1, 99, 1.5, NaN]) {
    const refused = await embed.evaluate(
      (element: GuidancePlayground, step) =>
        element.seek(step).then(
          () => '',
          ({ code }: { code: string }) => code,
        ),
      step,
    );
    expect(refused, String(step)).toBe('invalid');
  }
  expect(await stateOf(embed)).toEqual(before);
});

shared('it plays, pauses and seeks, and tells every moment', async ({ page }) => {
  await openHost(page, `<guidance-playground engine="cpu" particles="512" levels="~steps:32" home="./"></guidance-playground>`, {
    motion: true,
  });
  const embed = embeds(page);
  await ready(embed);
  expect((await stateOf(embed)).playing).toBe(false);
  await embed.evaluate((element: GuidancePlayground) => element.play());
  await expect.poll(async () => (await stateOf(embed)).position).toBeGreaterThan(2);
  expect((await stateOf(embed)).playing).toBe(true);
  await embed.evaluate((element: GuidancePlayground) => element.pause());
  const paused = await stateOf(embed);
  expect(paused.playing).toBe(false);
  await idle(page);
  expect(await stateOf(embed)).toEqual(paused);
  await embed.evaluate((element: GuidancePlayground) => element.seek(30));
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
  await expect(embed.getByRole('link', { name: 'Open in the Guidance Playground' })).toHaveAttribute('href', /step=30/);
  await embed.evaluate((element: GuidancePlayground) => element.play());
  await expect.poll(async () => (await stateOf(embed)).playing).toBe(false);
  expect((await stateOf(embed)).position).toBe(32);
});

shared('it is ready once, tells changes by hand and by script, and none of it bubbles', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick} home="https://example.org/playground/"></guidance-playground>`);
  const embed = embeds(page);
  await ready(embed);
  await expect.poll(() => heard(page, 'ready')).toEqual([{ state: 'v=1&levels=~steps:4&particles=512' }]);
  await expect
    .poll(async () => (await heard(page, 'enginechange')).at(-1))
    .toMatchObject({ kind: 'cpu', description: expect.stringContaining('worker'), notice: '' });
  expect(await heard(page, 'change')).toEqual([]);
  await panel(page, 2).getByRole('combobox', { name: 'Scheme of' }).selectOption('ht-1.10');
  await expect
    .poll(() => heard(page, 'change'))
    .toEqual([{ state: 'v=1&schemes=none,ht-1.10,autoguidance&levels=~steps:4&particles=512' }]);
  const link = embed.getByRole('link', { name: 'Open in the Guidance Playground' });
  await expect(link).toHaveAttribute(
    'href',
    'https://example.org/playground/#v=1&schemes=none,ht-1.10,autoguidance&levels=~steps:4&particles=512',
  );
  const before = await stateOf(embed);
  await set(embed, { seed: 4, field: 'ratio' });
  await expect.poll(async () => (await heard(page, 'change')).length).toBe(2);
  const [first, second] = (await heard(page, 'change')) as { state: string }[];
  const after = await stateOf(embed);
  expect(after).toEqual({ ...before, seed: 4, field: 'ratio' });
  for (const [{ state }, wanted] of [
    [first!, before],
    [second!, after],
  ] as const) {
    await embed.evaluate((element: GuidancePlayground, state) => element.setState(state), state);
    expect(await stateOf(embed)).toEqual(wanted);
    await ready(embed);
  }
  expect(await heard(page, 'ready')).toHaveLength(1);
  expect(await heard(page, 'error')).toEqual([]);
  expect(await page.evaluate(() => window.bubbled)).toEqual([]);
});

test('autoplay plays once when the embed is first seen, and not where motion is unwelcome', async ({ page }) => {
  const body = `<div style="height: 1400px"></div><guidance-playground engine="cpu" particles="512" levels="~steps:6" autoplay></guidance-playground>`;
  await openHost(page, body, { motion: true });
  const embed = embeds(page);
  await live(page);
  await idle(page);
  expect(await stateOf(embed)).toMatchObject({ position: 0, playing: true });
  await embed.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await stateOf(embed)).position, { intervals: [20] }).toBeGreaterThan(0);
  await expect.poll(() => stateOf(embed)).toMatchObject({ position: 6, playing: false });
  await page.evaluate(() => scrollTo(0, 0));
  await idle(page);
  await embed.scrollIntoViewIfNeeded();
  await idle(page);
  expect(await stateOf(embed)).toMatchObject({ position: 6, playing: false });

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await embed.scrollIntoViewIfNeeded();
  await ready(embed);
  expect(await stateOf(embed)).toMatchObject({ position: 6, playing: false });
});

test('the poster stands until the embed does, under its own name', async ({ page }) => {
  let deliver = () => {};
  const wanted = new Promise<void>((resolve) => (deliver = resolve));
  await page.route('**/instrument-*.js', async (route) => {
    await wanted;
    await route.continue();
  });
  await openHost(page, `<guidance-playground ${quick} poster="./icon.svg" label="Guides compared"></guidance-playground>`);
  const embed = embeds(page);
  const image = page.getByRole('img', { name: 'Guides compared, before it is live' });
  await expect(image).toBeVisible();
  expect(await image.evaluate((element: HTMLImageElement) => new URL(element.src).pathname)).toBe('/icon.svg');
  deliver();
  await ready(embed);
  await expect(image).toBeHidden();
  await expect(page.getByRole('group', { name: 'Guides compared' })).toBeVisible();
  await set(embed, { label: 'Others' });
  await expect(page.getByRole('group', { name: 'Others' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Guides compared' })).toHaveCount(0);
});
