// What the panels show, saved: each file is opened again, as those who get it would.
import type { Download, Page } from '@playwright/test';
import { expect, openAtEnd, positions, sampled, save, scrubTo, scrubber, small, test, full, idle, shared, type Saved } from './fixture.js';

/** An image's size, and how many of its pixels are strongly orange, in all and in the lower half, and strongly blue. */
function look(page: Page, bytes: Buffer, type: string) {
  return page.evaluate(
    async ([encoded, type]) => {
      const image = new Image();
      image.src = `data:${type};base64,${encoded}`;
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const colours = { orange: 0, blue: 0, lowerHalf: 0 };
      const inks: number[] = new Array(64).fill(0);
      for (let at = 0; at < data.length; at += 4) {
        const [red, green, blue] = data.subarray(at, at + 3) as unknown as [number, number, number];
        const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
        inks[Math.floor((8 * y) / height) * 8 + Math.floor((8 * x) / width)]! += (64 * (765 - red - green - blue)) / 765 / width / height;
        if (red > 150 && red - blue > 120 && green < 150) {
          colours.orange++;
          if (at > data.length / 2) colours.lowerHalf++;
        }
        if (blue > 150 && blue - red > 120) colours.blue++;
      }
      return { width, height, inks, ...colours };
    },
    [bytes.toString('base64'), type] as const,
  );
}

/** Opens a saved file after something else was set: what was set before is there again. */
async function expectOpens(page: Page, { download, bytes }: Saved): Promise<void> {
  const set = () => page.evaluate(() => document.querySelector('guidance-playground')!.state);
  const before = await set();
  await page.evaluate(() => document.querySelector('guidance-playground')!.setState({ seed: 99, schemes: 'apg' }));
  expect(await set()).not.toBe(before);
  const file = { name: download.suggestedFilename(), mimeType: '', buffer: bytes };
  await page.locator('gp-file-opening input[type=file]').setInputFiles(file);
  await expect.poll(set).toBe(before);
}

shared('a saved picture has every panel as it is seen, overlays and all', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:6&schemes=none,classifier-free,autoguidance,ht-1.10');
  const number = page.getByRole('spinbutton', { name: 'Light number' });
  await number.fill('3');
  await number.press('Enter');
  await page.getByLabel('Coverage of branches').check();
  // All this is still being asked: the file waits for it.
  const png = await save(page, 'PNG');
  expect(png.download.suggestedFilename()).toBe('guidance-playground.png');
  await expect(page.locator('gp-branch-coverage svg').first()).toBeVisible();
  await expect(page.locator('gp-lit-table tbody tr').first().locator('td').nth(4)).toHaveText(/depth/);
  const seen = await look(page, png.bytes, 'image/png');
  // Three panels and one below.
  const side = (await page.locator('gp-panel-picture').first().boundingBox())!.width - 2;
  expect(seen.width).toBeCloseTo(3 * (side + 16) + 16, -1);
  expect(seen.height).toBeGreaterThan(2 * side);
  expect(seen.orange).toBeGreaterThan(2000);
  expect(seen.lowerHalf).toBeGreaterThan(300);
  expect(seen.blue).toBeGreaterThan(300);
  expect(png.text).toContain('"program":"guidance-playground"');

  const svg = await save(page, 'SVG');
  expect(svg.download.suggestedFilename()).toBe('guidance-playground.svg');
  const drawn = await look(page, svg.bytes, 'image/svg+xml');
  expect([drawn.width, drawn.height]).toEqual([seen.width, seen.height]);
  for (const colour of ['orange', 'lowerHalf', 'blue'] as const) {
    expect(drawn[colour] / seen[colour], colour).toBeGreaterThan(0.7);
    expect(drawn[colour] / seen[colour], colour).toBeLessThan(1.4);
  }
  drawn.inks.forEach((ink, at) => expect(Math.abs(ink - seen.inks[at]!), `part ${at} of the picture`).toBeLessThan(0.005));
  // All by itself: no styles, scripts, or addresses of other things.
  expect(svg.text).not.toMatch(/<(style|script|image)|url\(|href="(?!#)/);
  const record = JSON.parse(
    await page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('metadata')!.textContent!, svg.text),
  );
  expect(record.panels).toHaveLength(4);
  expect(record.panels[2].config.scheme.guide).toMatchObject({ model: 'guide-32-0512', condition: 'A' });
  await expectOpens(page, png);
  await expectOpens(page, svg);
});

/** What a figure's picture is: its size, the opacity of its corner, and the words that are in it, of an SVG. */
type Options = NonNullable<Parameters<HTMLElementTagNameMap['guidance-playground']['exportImage']>[1]>;

function pictures(page: Page, type: 'png' | 'svg', all: Options[]) {
  return page.evaluate(
    async ([type, all]) => {
      const figure = document.querySelector('guidance-playground')!;
      const found = [];
      for (const options of all) {
        const file = await figure.exportImage(type, options);
        const text = type === 'svg' ? await file.text() : '';
        const image = new Image();
        image.src = URL.createObjectURL(file);
        await image.decode();
        const context = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d', { willReadFrequently: true })!;
        context.drawImage(image, 0, 0);
        const opacity = [2, 40].map((at) => context.getImageData(at, at, 1, 1).data[3]!);
        found.push({ width: image.naturalWidth, height: image.naturalHeight, opacity, text });
      }
      return found;
    },
    [type, all] as const,
  );
}

shared('a picture has the size, the ground and the words that it is asked to have', async ({ page }) => {
  // So that the pictures are small, and of few outlines.
  await page.setViewportSize({ width: 800, height: 900 });
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&distribution=two-moons&schemes=none,sigma-scaling&levels=~steps:6&coverage=1');
  await expect(page.locator('gp-branch-coverage svg').first()).toBeVisible();
  for (const type of ['png', 'svg'] as const) {
    const [plain, double, clear, bare] = await pictures(page, type, [
      {},
      { scale: 2 },
      { transparent: true },
      { captions: false, legend: false },
    ]);
    expect([double!.width, double!.height]).toEqual([2 * plain!.width, 2 * plain!.height]);
    expect([plain!.opacity, clear!.opacity]).toEqual([
      [255, 255],
      [0, expect.any(Number)],
    ]);
    expect(bare!.height).toBeLessThan(plain!.height - 60);
    expect(bare!.width).toBe(plain!.width);
  }
  const [plain, bare] = await pictures(page, 'svg', [{}, { captions: false, legend: false }]);
  // Of each panel; words stand one by one.
  expect(plain!.text.match(/>Visits</g)).toHaveLength(2);
  expect(plain!.text).toMatch(/Outliers/);
  expect(bare!.text.replace(/<metadata.*?<\/metadata>/s, '')).not.toMatch(/Visits|Outliers|Playground:/);
  // Outlines, which panels share, are in it once.
  expect(plain!.text.match(/<defs>/g)).toHaveLength(1);
  expect(plain!.text.match(/<use href="#shared-1"\/>/g)).toHaveLength(2);
  // And so is the look of the branches, eight lines a panel.
  const branches = plain!.text.match(/<path [^>]*visit-[^>]*>/g)!;
  expect(branches).toHaveLength(2 * 8);
  expect(Math.max(...branches.map((branch) => branch.replace(/ d="[^"]*"/, '').length))).toBeLessThan(250);
  expect(plain!.text).not.toContain('At the end: ');
  await scrubTo(page, 3);
  const [earlier] = await pictures(page, 'svg', [{}]);
  expect(earlier!.text.match(/>At the end: /g)).toHaveLength(2);
});

shared('the menu makes pictures of the size that is chosen', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&schemes=none&levels=~steps:6');
  const [once] = await pictures(page, 'png', [{ scale: 1 }]);
  await page.locator('summary', { hasText: 'Export' }).click();
  const menu = page.locator('gp-export-menu');
  await menu.getByLabel('Size').selectOption('4');
  await menu.getByLabel('Titles and metrics').uncheck();
  await page.locator('summary', { hasText: 'Export' }).click();
  const { bytes } = await save(page, 'PNG');
  const { width, height } = await look(page, bytes, 'image/png');
  expect(width).toBe(4 * once!.width);
  expect(height).toBeLessThan(4 * once!.height - 200);
});

shared('what cannot be exported is refused in a sentence, with advice', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&schemes=none&levels=~steps:6');
  const refusals = await page.evaluate(async () => {
    const figure = document.querySelector('guidance-playground')! as unknown as Record<string, (...all: unknown[]) => Promise<Blob>>;
    const attempt = async (name: string, ...all: unknown[]) => {
      try {
        return `${(await figure[name]!(...all)).type} was made`;
      } catch (thrown) {
        const { code, message, advice } = thrown as { code: string; message: string; advice: string };
        return `${code}: ${message} ${advice}`;
      }
    };
    const refusals = [];
    for (const type of ['jpeg', 'webp', 'PNG', '', null]) refusals.push(await attempt('exportImage', type));
    for (const type of ['xlsx', 'csv', '']) refusals.push(await attempt('exportData', type));
    refusals.push(await attempt('exportImage', 'png', { size: 2 }));
    refusals.push(await attempt('exportImage', 'png', { scale: 40 }));
    refusals.push(await attempt('exportImage', 'gif', { scale: 2 }));
    refusals.push(await attempt('exportImage', 'png', null));
    document.querySelector<HTMLElement>('guidance-playground')!.style.display = 'none';
    refusals.push(await attempt('exportImage', 'png'), await attempt('exportImage', 'svg'));
    // Nor is one that was never seen waited for, whatever is laid over it.
    const unseen = document.createElement('guidance-playground');
    unseen.style.display = 'none';
    unseen.setAttribute('engine', 'cpu');
    unseen.setAttribute('state', 'v=1&particles=512&schemes=autoguidance&levels=~steps:4&coverage=1&field=ratio&lit=3&paths=1');
    document.body.append(unseen);
    refusals.push(await unseen.exportImage('png').then(String, ({ code, message }) => `${code}: ${message}`));
    unseen.remove();
    return refusals;
  });
  const types = 'The types are png, svg, gif, webm, mp4.';
  const data = 'The types are json, particles.csv, trajectories.csv, trajectories.json.';
  expect(refusals.slice(0, 8)).toEqual([
    ...['jpeg', 'webp', 'PNG', '', 'null'].map((type) => `invalid: There is no picture of the type “${type}”. ${types}`),
    ...['xlsx', 'csv', ''].map((type) => `invalid: There is no data file of the type “${type}”. ${data}`),
  ]);
  expect(refusals[8]).toMatch(/^invalid: There is no option “size”\. The options of .* are .*scale/);
  expect(refusals[9]).toMatch(/^invalid: The option “scale” has to be a number from 1 to 4\./);
  expect(refusals[10]).toMatch(/^invalid: There is no option “scale”\. The options of a gif are signal, progress\./);
  expect(refusals[11]).toMatch(/^invalid: The options have to be an object\./);
  for (const refusal of refusals.slice(12)) expect(refusal).toMatch(/^hidden: There is no picture of what is not seen/);
});

test('a picture that is asked for at once has what is still being asked', async ({ page }) => {
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    // Paths come when all else is there, and they are let go.
    const held: (() => void)[] = [];
    const letGo = () => held.splice(0).forEach((send) => send());
    Object.assign(window, { letGo });
    Worker.prototype.postMessage = function (this: Worker, message: { type?: string }, transfer?: Transferable[]) {
      const send = () => postMessage.call(this, message, transfer as never);
      if (message.type === 'paths') held.push(send);
      else send();
    } as typeof postMessage;
  });
  await openAtEnd(page, `?engine=cpu#${small}&distribution=two-moons&schemes=none`);
  const plain = await page.evaluate(async () => {
    const embed = document.querySelector('guidance-playground')!;
    const svg = async () => (await (await embed.exportImage('svg')).text()).replace(/<metadata.*?<\/metadata>/s, '');
    const plain = await svg();
    // Nothing guides: of the lit particle only its path is read, and then its facts.
    await embed.setState({ lit: [3] });
    const asked: { svg: typeof svg; atOnce: Promise<string>; come: boolean } = { svg, atOnce: svg(), come: false };
    void asked.atOnce.then(() => (asked.come = true));
    Object.assign(window, { asked });
    return plain;
  });
  await idle(page);
  const early = await page.evaluate(() => {
    const { asked, letGo } = window as unknown as { asked: { come: boolean }; letGo(): void };
    letGo();
    return asked.come;
  });
  expect(early).toBe(false);
  const atOnce = await page.evaluate(() => (window as unknown as { asked: { atOnce: Promise<string> } }).asked.atOnce);
  await idle(page);
  const later = await page.evaluate(() => (window as unknown as { asked: { svg(): Promise<string> } }).asked.svg());
  expect(atOnce).toBe(later);
  expect(atOnce!.length).toBeGreaterThan(plain!.length);
});

shared('an SVG of density has the particles as an image, and fields as lines', full, async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&schemes=none,autoguidance&shading=density&field=data-density');
  await expect(page.getByRole('group', { name: 'Log-density of the data under this noise' }).first()).toContainText('nats');
  // Fields come coarsely first: both files wait for the finest.
  const { text, bytes } = await save(page, 'SVG');
  expect(text.match(/<image [^>]*href="data:image\/png;base64,/g)).toHaveLength(2);
  expect(text.match(/<path [^>]*fill-opacity="0.07"/g)!.length).toBeGreaterThan(8);
  const png = await save(page, 'PNG');
  const [drawn, seen] = [await look(page, bytes, 'image/svg+xml'), await look(page, png.bytes, 'image/png')];
  drawn.inks.forEach((ink, at) => expect(Math.abs(ink - seen.inks[at]!)).toBeLessThan(0.002));
});

shared('particles and trajectories are saved as CSV to the last bit', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:6&schemes=none,autoguidance');
  await scrubTo(page, 4);
  const read = (text: string) => {
    const lines = text.trimEnd().split('\r\n');
    const rows = lines.filter((line) => !line.startsWith('#'));
    expect(rows[0]).toBe('panel,particle,step,sigma,x,y');
    return {
      comments: lines.filter((line) => line.startsWith('#')).join('\n'),
      rows: rows.slice(1).map((row) => row.split(',').map(Number)),
    };
  };
  const here = read((await save(page, 'Particles, CSV')).text);
  expect(here.comments).toContain('guidance-playground 0.1.0: particles after step 4 of 6');
  expect(here.comments).toMatch(/panel 2: .*"model":"guide-32-0512","condition":"A"/);
  expect(here.rows).toHaveLength(2 * 512);
  for (const panel of [1, 2]) {
    const wanted = await positions(page, panel, 4);
    const found = here.rows.filter(([of]) => of === panel).flatMap(([, , , , x, y]) => [Math.fround(x!), Math.fround(y!)]);
    expect(found).toEqual(wanted);
  }
  const ways = read((await save(page, 'Trajectories, CSV')).text);
  expect(ways.rows).toHaveLength(2 * 512 * 7);
  const start = ways.rows
    .filter(([panel, , step]) => panel === 2 && step === 2)
    .flatMap(([, , , , x, y]) => [Math.fround(x!), Math.fround(y!)]);
  expect(start).toEqual(await positions(page, 2, 2));
  // Fewest digits: none of them with those of an f64.
  expect(
    Math.max(
      ...ways.rows.flatMap(([, , , , x, y]) =>
        [x!, y!].map(
          (value) =>
            String(value)
              .replace(/^-?0?\.?0*/, '')
              .replace('.', '').length,
        ),
      ),
    ),
  ).toBeLessThan(11);
});

shared('everything is saved as JSON, with metrics and ends', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:6&schemes=none,autoguidance');
  const { text } = await save(page, 'Everything, JSON');
  const file = JSON.parse(text);
  expect(file).toMatchObject({ program: 'guidance-playground', version: '0.1.0', format: 1, sampling: { particles: 512 } });
  expect(file.state).toContain('schemes=none,autoguidance');
  expect(file.noiseLevels).toHaveLength(7);
  expect(file.panels[1]).toMatchObject({
    choice: 'autoguidance',
    engine: 'cpu',
    config: { seed: 1, scheme: { weight: 3, levels: { steps: 6 } } },
  });
  expect(file.panels[1].metrics.outliers.value).toBeGreaterThanOrEqual(0);
  const ends = (panel: number) => file.ends[panel].flat().map(Math.fround);
  expect(ends(0)).toEqual(await positions(page, 1, 6));
  expect(ends(1)).toEqual(await positions(page, 2, 6));
  const ways = JSON.parse((await save(page, 'Trajectories, JSON')).text);
  expect(ways.trajectories).toHaveLength(2);
  expect(ways.trajectories[1]).toHaveLength(512);
  expect(ways.trajectories[1].flatMap((path: number[]) => path.slice(4, 6)).map(Math.fround)).toEqual(await positions(page, 2, 2));
});

shared('a GIF has the run from noise to data, and leaves the clock where it was', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=1024&lit=3,5&coverage=1&paths=1');
  await scrubTo(page, 30);
  await expect(page.locator('gp-branch-coverage svg').first()).toBeVisible();
  const saved = await save(page, 'GIF');
  const { bytes, download } = saved;
  expect(download.suggestedFilename()).toBe('guidance-playground.gif');
  expect(await scrubber(page).getAttribute('aria-valuenow')).toBe('30');
  expect(bytes.subarray(0, 6).toString()).toBe('GIF89a');
  expect(bytes.length).toBeLessThan(6e6);
  const film = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({ data: bytes, type: 'image/gif' });
    await decoder.tracks.ready;
    await decoder.completed;
    const { frameCount, repetitionCount } = decoder.tracks.selectedTrack!;
    const seen = [];
    for (const frameIndex of [0, Math.floor(frameCount / 2), frameCount - 1]) {
      const { image } = await decoder.decode({ frameIndex });
      const { displayWidth: width, displayHeight: height, duration } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      image.close();
      const { data } = context.getImageData(0, 0, width, height);
      let orange = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! > 150 && data[at]! - data[at + 2]! > 90 && data[at + 1]! < 170) orange++;
      seen.push({ width, height, duration: duration! / 1000, orange });
    }
    return { frameCount, repetitionCount, seen };
  }, bytes.toString('base64'));
  expect(film.frameCount).toBe(49);
  expect(film.repetitionCount).toBe(Infinity);
  expect(film.seen.map(({ duration }) => duration)).toEqual([80, 80, 1600]);
  for (const { width, height, orange } of film.seen) {
    expect(width).toBeLessThanOrEqual(1000);
    expect(height).toBeGreaterThan(300);
    expect(orange).toBeGreaterThan(800);
  }
  await expectOpens(page, saved);
});

shared('a film can be stopped', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  await page.locator('summary', { hasText: 'Export' }).click();
  const downloads: Download[] = [];
  page.on('download', (download) => downloads.push(download));
  await page.locator('gp-export-menu').getByRole('button', { name: 'GIF' }).click();
  await expect(page.getByRole('progressbar', { name: 'Making GIF' })).toBeVisible();
  await page.locator('gp-export-menu').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('progressbar', { name: 'Making GIF' })).toHaveCount(0);
  await expect(page.locator('gp-export-menu [role=alert]')).toHaveCount(0);
  await idle(page);
  expect(downloads).toHaveLength(0);
  await sampled(page);
});

shared('a video plays for as long as the film', full, async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  const saved = await save(page, 'WebM');
  const { bytes, download } = saved;
  expect(download.suggestedFilename()).toBe('guidance-playground.webm');
  const video = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }));
    await video.play();
    const { duration, videoWidth } = video;
    video.pause();
    const sought = new Promise((resolve) => (video.onseeked = resolve));
    video.currentTime = 5;
    await sought;
    const context = new OffscreenCanvas(videoWidth, video.videoHeight).getContext('2d')!;
    let orange = 0;
    // A frame may be decoded later than it is sought.
    for (let tries = 0; orange === 0 && tries < 300; tries++) {
      await new Promise(requestAnimationFrame);
      context.drawImage(video, 0, 0);
      const { data } = context.getImageData(0, 0, videoWidth, video.videoHeight);
      for (let at = 0; at < data.length; at += 4) if (data[at]! > 150 && data[at]! - data[at + 2]! > 90 && data[at + 1]! < 170) orange++;
    }
    return { duration, videoWidth, orange };
  }, bytes.toString('base64'));
  expect(video.duration).toBeCloseTo(48 * 0.08 + 1.6, 0);
  expect(video.videoWidth).toBeLessThanOrEqual(1000);
  expect(video.orange).toBeGreaterThan(300);
  await expectOpens(page, saved);
});
