// The guide for writers: what it says can be pasted.
import { readFileSync } from 'node:fs';
import type { PlaneState as State } from '../../www/plane/state/state.js';
import { expect, full, shared as test } from './fixture.js';
import { openHost } from './host.js';

const blocks = (path: string, language: string) =>
  [...readFileSync(path, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block]) => block!);

const examples = blocks('docs/embedding.md', 'html')
  .flatMap((block) => block.match(/<guidance-playground[\s\S]*?<\/guidance-playground>/g) ?? [])
  .filter((example) => !example.includes('poster='));

test('the guide has examples', () => expect(examples.length).toBeGreaterThan(5));

for (const example of new Set(examples)) {
  test(
    `an embed of the guide shows what it asks for: ${example.replace(/<\/.*/, '')}`,
    example === examples[0] ? {} : full,
    async ({ page }) => {
      // Few particles, unless it asks for others.
      await openHost(page, example.replace('></guidance', ' particles="512"></guidance'));
      const failures = await page.evaluate(async () => {
        const embed = document.querySelector('guidance-playground')!;
        const failures: unknown[] = [];
        embed.addEventListener('error', (event) => failures.push((event as unknown as CustomEvent).detail));
        const metrics = await embed.metrics();
        return [...failures, ...metrics.filter((each) => each === null)];
      });
      expect(failures).toEqual([]);
    },
  );
}

test('the state that the document shows is read and written', async ({ page }) => {
  const text = blocks('docs/state.md', '')[0]!.trim();
  await openHost(page, `<guidance-playground state="${text.replaceAll('&', '&amp;')}"></guidance-playground>`);
  await page.evaluate(() => document.querySelector('guidance-playground')!.metrics());
  const { state, settings } = (await page.evaluate(() => {
    const { state, settings } = document.querySelector('guidance-playground')!;
    return { state, settings };
  })) as { state: string; settings: State };
  expect(state).toBe(text);
  expect(settings.panels.map(({ choice, scheme }) => [choice, scheme.weight])).toEqual([
    ['none', 1],
    ['ht-1.10', 2],
    ['autoguidance', 3],
  ]);
  expect([settings.sampling.seed, settings.playback.position]).toEqual([7, 12]);
});
