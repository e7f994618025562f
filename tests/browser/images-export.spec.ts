// Pictures from a prompt, saved: each file is opened again, as those who get it would.
import type { Page } from '@playwright/test';
import { expect, openAtEnd, sampled, save, scrubTo, scrubber, shared, type Saved } from './fixture.js';

const steps = 4;
const small = `?engine=cpu#v=1&lab=images&prompt=a%20rocket&pictures=4&seed=3&levels=~steps:${steps}`;

const set = (page: Page) => page.evaluate(() => document.querySelector('guidance-playground')!.state);

/** Opens a saved file after something else was set: what was set before is there again. */
async function expectOpens(page: Page, { name, bytes }: Saved): Promise<void> {
  const before = await set(page);
  await page.evaluate(() =>
    document.querySelector('guidance-playground')!.setState({ seed: 99, schemes: 'cfg8', prompt: 'a cat' } as object),
  );
  expect(await set(page)).not.toBe(before);
  await page.locator('gp-file-opening input[type=file]').setInputFiles({ name, mimeType: '', buffer: bytes });
  await expect.poll(() => set(page)).toBe(before);
  // A panel is not saved while it changes.
  await sampled(page);
}

/** Pixels of the side of a grid of four: two pictures of 32 with a pixel between them. */
const gridPixels = 65;

/** Makes a PNG or SVG and reads it: its size, and how the panel's first picture is made of squares of one colour. */
function look(page: Page, type: 'png' | 'svg', options: { scale: number; captions: boolean }) {
  return page.evaluate(
    async ([type, options]) => {
      const file = await document.querySelector('guidance-playground')!.exportImage(type, options);
      const image = new Image();
      image.src = URL.createObjectURL(file);
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return { width, height, colours: new Set(new Uint32Array(data.buffer)).size, text: await file.text() };
    },
    [type, options] as const,
  );
}

shared('a PNG is as large as is asked, up to eight times, and has no colours but those of its pictures', async ({ page }) => {
  await openAtEnd(page, `${small}&schemes=none,cfg4`);
  const [once, twice, eight] = [
    await look(page, 'png', { scale: 1, captions: false }),
    await look(page, 'png', { scale: 2, captions: false }),
    await look(page, 'png', { scale: 8, captions: false }),
  ];
  const side = await page
    .locator('gp-picture-grid')
    .first()
    .evaluate((square) => square.clientWidth);
  // Two panels, with room around each.
  expect(once.width).toBe(2 * (side + 16) + 16);
  for (const [scale, { width, height }] of [
    [2, twice],
    [8, eight],
  ] as const) {
    expect([width, height]).toEqual([scale * once.width, scale * once.height]);
  }
  // Pixels are squares: nothing between two of them is mixed, however large they are.
  expect(once.colours).toBeLessThanOrEqual(2 * gridPixels ** 2);
  expect(eight.colours).toBeLessThanOrEqual(once.colours + 8);
  expect(once.colours).toBeGreaterThan(100);
  const menu = page.locator('gp-export-menu');
  await page.locator('summary', { hasText: 'Export' }).click();
  await expect(menu.getByLabel('Size').locator('option')).toHaveText(['1×', '2×', '4×', '8×']);
  const refusal = await page.evaluate(() =>
    document
      .querySelector('guidance-playground')!
      .exportImage('png', { scale: 9 })
      .then(
        () => '',
        ({ message }: Error) => message,
      ),
  );
  expect(refusal).toBe('The option “scale” has to be a number from 1 to 8.');
});

shared('saved pictures name whose sprites they are made of, and bring back what was set', async ({ page }) => {
  await openAtEnd(page, `${small}&schemes=none,cfg4&lit=2`);
  const credits = /After Noto Emoji by Google/;
  // As the page does.
  await expect(page.locator('gp-truth-strip')).toContainText(credits);
  const worded = await look(page, 'svg', { scale: 1, captions: true });
  expect(worded.text.replace(/<metadata.*?<\/metadata>/s, '')).toMatch(credits);
  expect(worded.text).toMatch(/<desc>Pictures are an image in it/);
  expect(worded.text.match(/<image [^>]*href="data:image\/png;base64,[^>]*image-rendering="pixelated"/g)).toHaveLength(2);
  const bare = await look(page, 'svg', { scale: 1, captions: false });
  expect(bare.text.replace(/<metadata.*?<\/metadata>/s, '')).not.toMatch(credits);
  expect(bare.text).toMatch(credits);
  for (const name of ['PNG', 'SVG', 'Metrics, CSV', 'Readings, CSV', 'Pictures, NPZ']) {
    const saved = await save(page, name);
    if (!name.endsWith('CSV')) expect(saved.bytes.toString('latin1')).toMatch(credits);
    await expectOpens(page, saved);
  }
});

shared(
  'everything is saved as JSON: what is seen in each picture, in words; dropped back, it restores prompt, schemes and seed',
  async ({ page }) => {
    await openAtEnd(page, `${small}&schemes=none,cfg4`);
    const saved = await save(page, 'Everything, JSON');
    expect(saved.name).toBe('guidance-playground.json');
    const file = JSON.parse(saved.bytes.toString());
    expect(file.sampling).toMatchObject({ prompt: 'a rocket', seed: 3, pictures: 4 });
    expect(file.noiseLevels).toHaveLength(steps + 1);
    expect(
      file.panels.map(({ config }: { config: { prompt: string; scheme: { weight: number } } }) => [config.prompt, config.scheme.weight]),
    ).toEqual([
      ['rocket', 1],
      ['rocket', 4],
    ]);
    for (const { metrics } of file.panels) {
      expect(metrics.distance.value).toBeGreaterThan(0);
      expect(metrics.readings).toHaveLength(4);
      for (const reading of metrics.readings) {
        expect(reading).toEqual(
          expect.objectContaining({ subject: expect.any(String), style: expect.any(String), background: expect.any(String) }),
        );
      }
    }
    await expectOpens(page, saved);
  },
);

shared('a GIF has the noise and a frame for each step, and leaves the clock where it was', async ({ page }) => {
  await openAtEnd(page, `${small}&schemes=none,cfg4&shows=main`);
  await scrubTo(page, 2);
  const saved = await save(page, 'GIF');
  expect(await scrubber(page).getAttribute('aria-valuenow')).toBe('2');
  const film = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({ data: bytes, type: 'image/gif' });
    await decoder.tracks.ready;
    await decoder.completed;
    const { frameCount, repetitionCount } = decoder.tracks.selectedTrack!;
    const frames = [];
    for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
      const { image } = await decoder.decode({ frameIndex });
      const { displayWidth: width, displayHeight: height, duration } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      image.close();
      const { data } = context.getImageData(0, 0, width, height);
      const digest = await crypto.subtle.digest('SHA-256', data);
      frames.push({ width, duration: duration! / 1000, digest: new Uint8Array(digest).join() });
    }
    return { repetitionCount, frames };
  }, saved.bytes.toString('base64'));
  expect(film.frames).toHaveLength(steps + 1);
  expect(film.repetitionCount).toBe(Infinity);
  expect(film.frames.map(({ duration }) => duration)).toEqual([...new Array(steps).fill(240), 1600]);
  expect(new Set(film.frames.map(({ digest }) => digest)).size).toBe(steps + 1);
  // Each square of a panel is a multiple of its pictures' pixels.
  expect((film.frames[0]!.width - 16) % 2).toBe(0);
  expect(((film.frames[0]!.width - 16) / 2 - 16) % gridPixels).toBe(0);
  await expectOpens(page, saved);
});

shared('a network of pictures becomes a panel’s main net, and one of the plane is refused', async ({ page }) => {
  await openAtEnd(page, `${small}&schemes=none`);
  const drop = (path: string) => page.locator('gp-file-opening input[type=file]').setInputFiles(path);
  await drop('weights/guide-A32-0512.safetensors');
  await expect(page.locator('gp-file-opening [role=alert]')).toContainText('enter');
  await drop('weights/images/guide.safetensors');
  await expect(page.locator('gp-file-opening dialog')).toContainText('16, 32, 64 channels wide');
});

shared('a video has its pictures in their colours, and brings back what was set', async ({ page }) => {
  await openAtEnd(page, `${small}&schemes=none,cfg4`);
  const saved = await save(page, 'WebM');
  const shown = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }));
    await new Promise((resolve, reject) => Object.assign(video, { onloadeddata: resolve, onerror: () => reject(video.error) }));
    const { duration, videoWidth: width, videoHeight: height } = video;
    const sought = new Promise((resolve) => (video.onseeked = resolve));
    video.currentTime = duration;
    await sought;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    const colours = () => {
      context.drawImage(video, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      let many = 0;
      for (let i = 0; i < data.length; i += 4)
        if (Math.max(data[i]!, data[i + 1]!, data[i + 2]!) - Math.min(data[i]!, data[i + 1]!, data[i + 2]!) > 48) many++;
      return many / (width * height);
    };
    // A frame may be decoded later than it is sought.
    for (let tries = 0; colours() === 0 && tries < 300; tries++) await new Promise(requestAnimationFrame);
    return { duration, width, height, coloured: colours() };
  }, saved.bytes.toString('base64'));
  // A frame each, and the last for longer.
  expect(shown.duration).toBeCloseTo(steps * 0.24 + 1.6, 1);
  expect(shown.width).toBeGreaterThan(2 * gridPixels);
  expect(shown.coloured).toBeGreaterThan(0.02);
  await expectOpens(page, saved);
});
