// Other people's pages, which hold embeds by their element alone.
import type { Locator, Page } from '@playwright/test';
import type { EmbedProperties } from '../../www/embed/attributes.js';
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { expect, isOpen } from './fixture.js';

/** Quickly sampled. */
export const quick = 'engine="cpu" particles="512" levels="~steps:4"';

/** The same of pictures. */
export const quickPictures = 'engine="cpu" lab="images" pictures="4" levels="~steps:4"';

interface Host {
  head?: string;
  /** Script elements, in place of the one that loads the module. */
  scripts?: string;
  headers?: Record<string, string>;
  motion?: boolean;
}

/** Keeps what the first embed says, and what of that is heard further out. */
const listening = `<script>
  window.heard = [];
  window.bubbled = [];
  for (const type of ['ready', 'change', 'frame', 'error', 'enginechange']) {
    const embed = document.querySelector('guidance-playground');
    embed?.addEventListener(type, ({ detail }) => heard.push({ type, detail: structuredClone(detail) }));
    for (const outer of [document.body, document, window]) outer.addEventListener(type, ({ target }) => target === embed && bubbled.push(type));
  }
</script>`;

/** Opens a page with this body, and the module; in a page that tests share, only the body is another. */
export async function openHost(page: Page, body: string, host: Host = {}): Promise<void> {
  const { head = '', scripts, headers, motion = false } = host;
  await page.emulateMedia({ reducedMotion: motion ? null : 'reduce' });
  if (!head && !scripts && !headers && isOpen(page, './host.html')) return page.evaluate(showBody, body + listening);
  const module = scripts ?? '<script type="module" src="./guidance-playground.js"></script>';
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      ...(headers && { headers }),
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A post</title><link rel="icon" href="./icon.svg">${head}${module}</head><body>${body}${headers ? '' : listening}</body></html>`,
    }),
  );
  await page.goto('./host.html');
}

/** Runs in the page, as its scripts do again. */
function showBody(html: string): void {
  document.body.replaceChildren(document.createRange().createContextualFragment(html));
  scrollTo(0, 0);
}

/** What a careful host allows. */
export const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** Serves everything with the policy, and keeps what it forbade, of the page and of its workers. */
export async function strict(page: Page): Promise<string[]> {
  const forbidden: string[] = [];
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  await page.exposeFunction('forbid', (what: string) => forbidden.push(what));
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      (window as unknown as { forbid(what: string): void }).forbid(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
    ),
  );
  return forbidden;
}

/** The page's embeds. */
export const embeds = (page: Page): Locator => page.locator('guidance-playground');

/** Waits until all panels of an embed have sampled to the end, as a page does. */
export function ready(embed: Locator): Promise<void> {
  return embed.evaluate(async (element: GuidancePlayground) => {
    await element.metrics();
  });
}

/** Sets properties of an embed in one go. */
export function set(embed: Locator, properties: Partial<EmbedProperties>): Promise<void> {
  return embed.evaluate((element, properties) => void Object.assign(element, properties), properties);
}

/** Sets an attribute, or takes it away. */
export function attribute(embed: Locator, name: string, value: string | null): Promise<void> {
  return embed.evaluate((element, [name, value]) => (value === null ? element.removeAttribute(name) : element.setAttribute(name, value)), [
    name,
    value,
  ] as const);
}

/** The state in short: what the tests here ask for. */
export function stateOf(embed: Locator) {
  return embed.evaluate(({ settings }: GuidancePlayground) => {
    const { panels, sampling, look, playback, linked } = settings!;
    return {
      schemes: panels.map(({ choice }) => choice),
      weights: panels.map(({ scheme }) => scheme.schedule),
      seed: sampling.seed,
      particles: sampling.particles,
      steps: sampling.levels.steps,
      max: sampling.levels.max,
      position: playback.position,
      playing: playback.playing,
      lit: linked,
      view: look.view,
      follow: look.followNoise,
      paths: look.paths,
      coverage: look.coverage,
      shading: look.shading,
      field: look.field,
      cut: look.cut,
    };
  });
}

/** What has been heard of a type. */
export function heard(page: Page, type: string): Promise<Heard['detail'][]> {
  return page.evaluate((type) => window.heard.filter((each) => each.type === type).map(({ detail }) => detail), type);
}

interface Heard {
  type: string;
  detail: Record<string, unknown>;
}

declare global {
  interface Window {
    heard: Heard[];
    bubbled: string[];
  }
}

/** Waits for the instrument of every embed. */
export async function live(page: Page, count = 1): Promise<void> {
  await expect(page.locator('gp-instrument:not([composing])')).toHaveCount(count);
}
