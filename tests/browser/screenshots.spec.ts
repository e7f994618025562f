// Pictures of the page in its states, kept in test-results/ for eyes to go over; each is also asked of axe.
import type { Page } from '@playwright/test';
import { expect, full, openAtEnd, panel, sampled, scrubTo, shared as test, violations } from './fixture.js';

interface Look {
  name: string;
  size: [number, number];
  colorScheme?: 'light' | 'dark';
  contrast?: 'more';
  forcedColors?: 'active';
  query?: string;
  prepare?: (page: Page) => Promise<void>;
}

async function explain(page: Page): Promise<void> {
  await scrubTo(page, 20);
  await page.getByLabel('Field', { exact: true }).selectOption('ratio');
  await page.getByRole('spinbutton', { name: 'Light number' }).fill('7');
  await page.getByRole('spinbutton', { name: 'Light number' }).press('Enter');
  await expect(panel(page, 3).locator('gp-force-formula')).toContainText('σ = ');
  await expect(panel(page, 3).locator('gp-field-overlay .legend')).toHaveAttribute('aria-busy', 'false');
}

const looks: Look[] = [
  { name: 'opening', size: [1400, 900] },
  { name: 'opening-dark', size: [1400, 900], colorScheme: 'dark' },
  { name: 'contrast', size: [1400, 900], contrast: 'more' },
  { name: 'forced-colours', size: [1400, 900], forcedColors: 'active' },
  { name: 'tablet', size: [800, 1100] },
  { name: 'phone', size: [390, 844] },
  { name: 'phone-dark', size: [390, 844], colorScheme: 'dark' },
  { name: 'explained', size: [1400, 1000], prepare: explain },
  { name: 'explained-phone-dark', size: [390, 844], colorScheme: 'dark', prepare: explain },
  { name: 'coverage', size: [1400, 900], prepare: (page) => page.getByLabel('Coverage of branches').check() },
  { name: 'six-panels', size: [1400, 1600], query: '&schemes=none,cfg-toy,ag-toy,ht-1.04,ht-1.20,ht-cosine-6' },
  { name: 'shared', size: [1400, 1200], query: '&schemes=none,ht-1.20&cut=-0.2,0.1,0.9,1.1&field=difference&step=18' },
];

/** Between them forced colours, a theme, a narrow window and what is laid over; with few particles, since axe looks at them and nobody else. */
const first = new Set(['forced-colours', 'explained-phone-dark']);

for (const { name, size, query = '', prepare, ...media } of looks) {
  test(`looked at: ${name}`, first.has(name) ? {} : full, async ({ page }, info) => {
    const [width, height] = size;
    await page.setViewportSize({ width, height });
    await page.emulateMedia(media);
    const particles = first.has(name) ? 512 : 4096;
    await openAtEnd(page, `?engine=cpu#v=1&particles=${particles}${query}`);
    await prepare?.(page);
    await sampled(page);
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.screenshot({ path: info.outputPath(`${name}.png`) });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
}
