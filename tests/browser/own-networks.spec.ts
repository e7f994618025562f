// Networks of one's own in a post: a figure's code says where their files are.
import { readFile } from 'node:fs/promises';
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { expect, openAtEnd, sampled, test } from './fixture.js';
import { embeds, openHost } from './host.js';

const other = 'https://weights.example';

test.use({ expectedErrors: /Failed to load resource/, otherOrigins: async ({}, use) => use([other]) });

for (const { lab, state, file } of [
  { lab: 'the plane', state: 'particles=512&levels=~steps:8&schemes=autoguidance', file: 'weights/guide-A32-0512.safetensors' },
  { lab: 'pictures', state: 'lab=images&pictures=4&levels=~steps:2&schemes=autoguidance', file: 'weights/images/guide.safetensors' },
]) {
  test(`a figure of ${lab} takes a network of one’s own along, by its address on a host that allows it`, async ({ page }) => {
    const metrics = (of = page) => embeds(of).evaluate((embed: GuidancePlayground) => embed.metrics());
    await openAtEnd(page, `?engine=cpu#v=1&${state}`);
    const [shipped] = await metrics();
    await page.locator('summary', { hasText: 'Export' }).click();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Open a file…' }).click()]);
    const bytes = await readFile(file);
    await chooser.setFiles({ name: 'My guide.safetensors', mimeType: '', buffer: bytes });
    const using = page.getByRole('dialog');
    await using.getByLabel('Use as guide').check();
    await using.getByRole('button', { name: 'Use' }).click();
    await sampled(page);

    await page.locator('summary', { hasText: 'Copy embed code' }).click();
    await page.getByRole('button', { name: 'Choose…' }).click();
    const dialog = page.getByRole('dialog', { name: 'A figure for a post' });
    const address = `${other}/anything.safetensors`;
    const field = dialog.getByLabel(/Address of the file of own-My-guide-/);
    const code = dialog.getByLabel('Code');
    await expect(code).not.toHaveValue(/networks=/);
    await field.fill(address);
    await expect.poll(() => code.inputValue()).toContain(` networks="${address}"`);
    const element = (await code.inputValue()).split('\n').at(-1)!;
    await dialog.getByLabel('a frame, for one that may not').check();
    await expect.poll(() => code.inputValue()).toContain(`?networks=${encodeURIComponent(address)}#`);

    const post = await page.context().newPage();
    // A browser says as little of a host that does not allow it as of one that is not there.
    let answer: { status: number; body?: Buffer } | null = null;
    await post.route(`${other}/*`, (route) => (answer ? route.fulfill(answer) : route.abort()));
    const alert = embeds(post).locator('gp-playground-panel').getByRole('alert');
    await openHost(post, element);
    await expect(alert).toContainText(`The network at ${address} could not be fetched (no answer).`);
    await expect(alert).toContainText('a host other than the page’s has to allow that (CORS).');
    answer = { status: 404 };
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(alert).toContainText(`The network at ${address} could not be fetched (HTTP status 404).`);
    answer = { status: 200, body: bytes.subarray(1) };
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(alert).toContainText(/None of the files that this figure gives is own-My-guide-\w{10}\./);
    // What was fetched once is not fetched again: the page is opened anew.
    await openHost(post, element);
    answer = { status: 200, body: bytes };
    expect(await metrics(post)).toEqual([shipped]);
    await expect(alert).toHaveCount(0);
    await post.close();
  });
}
