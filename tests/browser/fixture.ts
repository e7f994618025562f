// The page as its tests meet it: opened by a person, and watched for what must never happen.
import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import {
  test as base,
  expect,
  type ConsoleMessage,
  type Download,
  type Fixtures,
  type Locator,
  type Page,
  type Request,
} from '@playwright/test';

export { expect };

interface Options {
  /** Errors on the console that a test brings about on purpose. */
  expectedErrors: RegExp | null;
  /** Further hosts, which a test starts and asks. */
  otherOrigins: string[];
}

/** Marks a test of a kind that another has, longer or of more variants: `cargo xtask test --all` runs it. */
export const full = { tag: '@full' };

/** Checks that nothing is asked of another host and that the console stays free of errors while a page is used. */
async function watch(
  page: Page,
  own: string,
  others: string[],
  expectedErrors: RegExp | null,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const foreign: string[] = [];
  const errors: string[] = [];
  const asked = (request: Request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && ![own, ...others].includes(origin)) foreign.push(request.url());
  };
  const logged = (message: ConsoleMessage) => {
    // Chromium's own remark where WebGPU finds no adapter, which is how most of these tests run.
    if (message.text() === 'No available adapters.') return;
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  };
  const thrown = (error: Error) => errors.push(error.message);
  page.on('request', asked).on('console', logged).on('pageerror', thrown);
  await use(page);
  page.off('request', asked).off('console', logged).off('pageerror', thrown);
  expect(foreign, 'requests to other hosts').toEqual([]);
  expect(
    errors.filter((error) => !expectedErrors?.test(error)),
    'errors on the console',
  ).toEqual([]);
}

const options: Fixtures<Options> = {
  expectedErrors: [null, { option: true }],
  otherOrigins: async ({}, use) => use([]),
};

/** A test with a page of its own. */
export const test = base.extend<Options>({
  ...options,
  page: async ({ page, baseURL, expectedErrors, otherOrigins }, use) => {
    await watch(page, new URL(baseURL!).origin, otherOrigins, expectedErrors, use);
  },
});

/** Pages that tests use one after the other. */
const tabs = new WeakSet<Page>();

/**
 * A test in a page that others have used before it: `openAtEnd` and `openHost` put other figures in the place of the last ones,
 * which takes a fifth of loading a page. For what depends on nothing that a page remembers beside its figures.
 */
export const shared = base.extend<Options, { tab: Page }>({
  ...options,
  tab: [
    async ({ browser }, use, { project }) => {
      const { baseURL, viewport } = project.use;
      const context = await browser.newContext({ ...(baseURL && { baseURL }), ...(viewport && { viewport }) });
      const tab = await context.newPage();
      tabs.add(tab);
      await use(tab);
      await context.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ tab, baseURL, viewport, expectedErrors, otherOrigins }, use) => {
    await watch(tab, new URL(baseURL!).origin, otherOrigins, expectedErrors, use);
    await tab.unrouteAll({ behavior: 'wait' });
    await tab.setViewportSize(viewport!);
    await tab.emulateMedia({ media: null, colorScheme: null, contrast: null, forcedColors: null, reducedMotion: null });
    await tab.mouse.move(0, 0);
  },
});

/** Whether figures of a page that tests share may take each other's place there: it is that page already. */
export function isOpen(page: Page, address: string): boolean {
  const [here, there] = [URL.parse(page.url()), new URL(address, page.url().startsWith('http') ? page.url() : 'http://none/')];
  return tabs.has(page) && here?.host === there.host && here.pathname === there.pathname && here.search === there.search;
}

/** In embeds panels are groups, and on the page regions. */
export const panel = (page: Page, number: number): Locator => page.locator(`section[aria-label="Panel ${number}"]`);

export const measure = (page: Page, number: number, id: string): Locator => panel(page, number).locator(`[data-measure="${id}"] .value`);

export const scrubber = (page: Page): Locator => page.getByRole('slider', { name: 'Noise level', exact: true });

/**
 * Waits until the page has drawn thirty frames and has nothing else to do, before a look at what was not to happen: as long as
 * the page takes, however busy the machine is.
 */
export function idle(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const draw = (left: number) => (left > 0 ? requestAnimationFrame(() => draw(left - 1)) : requestIdleCallback(() => resolve()));
        draw(30);
      }),
  );
}

/** Moves the clock to a step by keys. */
export async function scrubTo(page: Page, step: number): Promise<void> {
  const now = Number(await scrubber(page).getAttribute('aria-valuenow'));
  for (let at = now; at !== step; at += Math.sign(step - at)) {
    await scrubber(page).press(at < step ? 'ArrowRight' : 'ArrowLeft');
  }
}

export const weight = (page: Page, number: number): Locator => panel(page, number).getByRole('slider', { name: 'Guidance weight' });

/** The line that says which engine samples. */
export const engine = (page: Page): Locator => page.locator('[data-engine]');

/** What the page says about the choice of engine. */
export const notice = (page: Page): Locator => page.locator('[data-notice]');

/** Waits until a panel's picture is of the whole run of the settings now set. */
export async function sampled(page: Page, ...numbers: number[]): Promise<void> {
  await expect(panel(page, 1)).toBeVisible();
  const all = await page.locator('section[aria-label^="Panel "]').count();
  for (const number of numbers.length > 0 ? numbers : Array.from({ length: all }, (_, index) => index + 1)) {
    await expect(panel(page, number).locator('.picture')).toHaveAttribute('aria-busy', 'false');
  }
}

/** Chooses a kind of guide or a preset by its identifier. */
export async function choose(page: Page, number: number, id: string): Promise<void> {
  await panel(page, number).getByRole('combobox', { name: 'Scheme of' }).selectOption(id);
}

/** Unfolds a panel's further settings. */
export async function more(page: Page, number: number): Promise<Locator> {
  const fields = panel(page, number).locator('gp-scheme-details');
  if ((await fields.locator('details').getAttribute('open')) === null) await fields.locator('summary').click();
  return fields;
}

/** Few particles and steps, in an address: those of the opening view take thirty times as long. */
export const small = 'v=1&particles=512&levels=~steps:8';

/** Samples with few particles and steps. */
export async function few(page: Page, steps: number): Promise<void> {
  await page.getByLabel('Particles', { exact: true }).selectOption('512');
  const exact = page.getByRole('spinbutton', { name: 'Steps' });
  await exact.fill(String(steps));
  await exact.press('Enter');
  await sampled(page);
}

/** x0, y0, x1, y1, ... of a panel after a step. */
export function positions(page: Page, number: number, step: number): Promise<number[]> {
  return page.evaluate(async ([panel, step]) => [...(await window.guidancePlayground.positions(panel!, step!))!], [number - 1, step]);
}

/**
 * Opens the page where motion is unwelcome, so that it shows its end at once, and waits for it: with few particles, unless the
 * address asks for others.
 */
export async function openAtEnd(page: Page, query = `?engine=cpu#${small}`): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const address = `./${query}`;
  if (isOpen(page, address)) await page.evaluate(showAnother, address);
  else await page.goto(address);
  await sampled(page);
}

/** Runs in the page: another figure, of another state, is where one was. */
function showAnother(address: string): void {
  history.replaceState(null, '', address);
  const figure = document.querySelector('guidance-playground')!;
  const other = figure.cloneNode() as HTMLElement;
  other.removeAttribute('style');
  figure.replaceWith(other);
  scrollTo(0, 0);
}

/** A digest of a panel's positions at a step; of the first particles only, where a count is given. */
export function digest(page: Page, number: number, step: number, particles = Infinity): Promise<string | null> {
  return page.evaluate(
    async ([number, step, particles]) => {
      const positions = await window.guidancePlayground.positions(number! - 1, step!);
      if (!positions) return null;
      const bytes = await crypto.subtle.digest('SHA-256', positions.slice(0, 2 * particles!));
      return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    [number, step, particles],
  );
}

/** The digests of all three panels at a step. */
export function digests(page: Page, step: number): Promise<(string | null)[]> {
  return Promise.all([1, 2, 3].map((number) => digest(page, number, step)));
}

/** How many pixels of a panel's canvas are coloured as particles are: strongly orange. */
export async function particlePixels(page: Page, number: number): Promise<number> {
  return (await readPicture(page, number, Infinity)).orange;
}

/** How much is drawn in each square of `side` pixels of a panel's picture, 0 to 1, weighted by how dark it is. */
export async function inkBySquare(page: Page, number: number, side: number): Promise<number[]> {
  return (await readPicture(page, number, side)).inks;
}

/** Both, counted in the page: its pixels would be megabytes on their way here. */
function readPicture(page: Page, number: number, side: number): Promise<{ orange: number; inks: number[] }> {
  return panel(page, number)
    .locator('gp-particle-view canvas')
    .evaluate((canvas: HTMLCanvasElement, side) => {
      // By way of a copy: a canvas that a worker draws gives out no context.
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      const squares = Math.floor(canvas.width / side);
      const inks = new Array<number>(squares * squares).fill(0);
      let orange = 0;
      for (let at = 0; at < data.length; at += 4) {
        const [red, green, blue, alpha] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
        if (alpha > 200 && red > 150 && red - blue > 120 && green < 200) orange++;
        const pixel = at / 4;
        const [column, row] = [Math.floor((pixel % canvas.width) / side), Math.floor(pixel / canvas.width / side)];
        if (column >= squares || row >= squares) continue;
        inks[row * squares + column]! += ((alpha / 255) * (1 - (red + green + blue) / 765)) / side ** 2;
      }
      return { orange, inks };
    }, side);
}

/** A saved file. */
export interface Saved {
  name: string;
  download: Download;
  bytes: Buffer;
  text: string;
}

/** Saves by an item of the menu. */
export async function save(page: Page, item: string): Promise<Saved> {
  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('gp-export-menu').getByRole('button', { name: item, exact: true }).click(),
  ]);
  await expect(page.getByText('Making', { exact: false })).toHaveCount(0);
  // Off the pictures, which show what is pointed at.
  await page.mouse.move(2, 2);
  await idle(page);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), download, bytes, text: bytes.toString('utf8') };
}

/** What axe finds wrong with the page as it stands. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
