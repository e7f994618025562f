// Files given to the page: an export brings back what was set, weights become a panel's network, and nothing else does harm.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { LitElement } from 'lit';
import { digest, expect, few, openAtEnd, panel, sampled, small, violations, weight, full, shared as test } from './fixture.js';

interface Given {
  name: string;
  type?: string;
  bytes: Buffer;
  /** As many zeros follow. */
  zeros?: number;
}

/** Drags a file to a place of the window and drops it there, or leaves it hovering. */
async function drag(
  page: Page,
  { name, type = '', bytes, zeros = 0 }: Given,
  [x, y]: [number, number],
  events = ['dragover', 'drop'],
): Promise<void> {
  await page.evaluate(
    ([name, type, encoded, zeros, x, y, events]) => {
      const content = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content, new Uint8Array(zeros)], name, { type }));
      for (const event of events) {
        const target = document.elementFromPoint(x, y) ?? document.body;
        const init = { bubbles: true, cancelable: true, composed: true, dataTransfer, clientX: x, clientY: y };
        if (target.dispatchEvent(new DragEvent(event, init)) && event === 'drop')
          throw new Error('The browser would have opened the file.');
      }
    },
    [name, type, bytes.toString('base64'), zeros, x, y, events] as const,
  );
}

/** The middle of a half of a panel's picture. */
async function half(page: Page, number: number, which: 'upper' | 'lower'): Promise<[number, number]> {
  const picture = panel(page, number).locator('gp-panel-picture');
  await picture.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const { x, y, width, height } = (await picture.boundingBox())!;
  return [x + width / 2, y + height * (which === 'upper' ? 0.25 : 0.75)];
}

const beside: [number, number] = [20, 20];
const objection = (page: Page) => page.locator('gp-file-opening [role=alert]');
const state = (page: Page) => page.evaluate(() => window.guidancePlayground.state());
const weights = (name: string) => readFile(`weights/${name}.safetensors`);

/** A network's file as PyTorch saves it, which says nothing of its training. */
function silent(file: Buffer): Buffer {
  const length = Number(file.readBigUInt64LE());
  const { __metadata__, ...header } = JSON.parse(file.subarray(8, 8 + length).toString());
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, file.subarray(8 + length)]);
}
const json = (content: unknown): Given => ({ name: 'a.json', type: 'application/json', bytes: Buffer.from(JSON.stringify(content)) });

async function exported(page: Page): Promise<Record<string, unknown>> {
  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('gp-export-menu').getByRole('button', { name: 'Everything, JSON' }).click(),
  ]);
  return JSON.parse(await readFile(await download.path(), 'utf8'));
}

test('an export that is dropped on the page brings everything back, and can be undone', async ({ page }) => {
  await openAtEnd(
    page,
    '?engine=cpu#v=1&particles=512&schemes=none,ht-1.10~weight:2.5&seed=7&levels=~steps:12&lit=3,5&paths=1&step=9&view=0.4,1,0.3',
  );
  const before = await state(page);
  const file = await exported(page);
  const ends = await digest(page, 2, 12);
  await openAtEnd(page, `?engine=cpu#${small}`);
  const other = await state(page);
  await drag(page, json(file), beside);
  await expect.poll(async () => (await state(page)).panels.length).toBe(2);
  const { panels, sampling, look, linked, playback } = await state(page);
  expect({ panels: panels.map(({ choice, scheme }) => ({ choice, scheme })), sampling, look, linked, position: playback.position }).toEqual(
    {
      panels: before.panels.map(({ choice, scheme }) => ({ choice, scheme })),
      sampling: before.sampling,
      look: before.look,
      linked: before.linked,
      position: 9,
    },
  );
  await sampled(page);
  expect(await digest(page, 2, 12)).toBe(ends);
  await expect(page.locator('[data-opened-status]')).toContainText('brought back');
  await page.getByRole('button', { name: 'Undo' }).click();
  expect((await state(page)).panels.map(({ choice }) => choice)).toEqual(other.panels.map(({ choice }) => choice));
  const particles = Buffer.from('# guidance-playground 0.1.0: particles\r\n# state: v=1&schemes=apg&seed=9\r\npanel,particle\r\n1,0\r\n');
  await drag(page, { name: 'particles.csv', type: 'text/csv', bytes: particles }, beside);
  await expect.poll(async () => (await state(page)).sampling.seed).toBe(9);
});

test('what is no export is refused with a sentence, and nothing is changed', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4&schemes=none&seed=7');
  const file = await exported(page);
  const before = await state(page);
  const bad: [string, Given, RegExp][] = [
    ['broken', { ...json(null), bytes: Buffer.from('{"program": "guid') }, /broken: it is not JSON/],
    ['empty', { ...json(null), bytes: Buffer.from('') }, /broken: it is not JSON/],
    ['another program', json({ ...file, program: 'other' }), /not written by the Guidance Playground/],
    ['a list', json([1, 2]), /Point 1 must be|Row 1 must be/],
    ['no strokes', json({ strokes: [] }), /of both classes/],
    ['null', json(null), /not written by the Guidance Playground/],
    ['another format', json({ ...file, format: 2 }), /another version/],
    ['another state', json({ ...file, state: 'v=9&seed=1' }), /another version/],
    ['no state', json({ ...file, state: 17 }), /does not say what was set/],
    ['an address', json({ ...file, state: 'https://example.org/' }), /does not say what was set/],
    ['a hostile number', json({ ...file, state: 'v=1&particles=1e99' }), /The file asks for particles that cannot be had: it can be 512/],
    ['a hostile scheme', json({ ...file, state: 'v=1&schemes=[{"guide":{"model":"__proto__","x":1}}]' }), /The file asks for schemes/],
    ['rows', json({ program: 'guidance-playground', version: '0.1.0', rows: [] }), /table of trials or sweeps/],
    ['a picture', { name: 'cat.png', type: 'image/png', bytes: Buffer.from('x') }, /not written by the Guidance Playground/],
    ['a letter', { name: 'a.txt', type: 'text/plain', bytes: Buffer.from('x') }, /“a.txt” is no file that can be opened here/],
  ];
  for (const [what, given, sentence] of bad) {
    await drag(page, given, beside);
    await expect(objection(page), what).toContainText(sentence);
    await objection(page).getByRole('button', { name: 'Close' }).click();
    await expect(objection(page)).toHaveCount(0);
  }
  expect(await state(page)).toEqual(before);
});

test('no mutated export breaks the page', full, async ({ page }) => {
  test.slow();
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&schemes=none,ht-1.10~weight:2.5&levels=~steps:4&seed=7');
  const text = JSON.stringify({ ...(await exported(page)), ends: [] });
  const outcome = await page.evaluate(async (text) => {
    let random = 12345;
    const next = (below: number) => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0) % below;
    const opening = document
      .querySelector('guidance-playground')!
      .shadowRoot!.querySelector('gp-instrument')!
      .shadowRoot!.querySelector<LitElement>('gp-file-opening')!;
    const spoiled = () => {
      // Where it matters as often as elsewhere.
      const [from, to] = next(2) ? [text.indexOf('"state"'), text.indexOf('"sampling"')] : [0, text.length];
      const at = from + next(to - from);
      const length = next(4);
      const put = Array.from({ length: next(4) }, () => String.fromCharCode(32 + next(95))).join('');
      return text.slice(0, at) + put + text.slice(at + length);
    };
    let [restored, refused] = [0, 0];
    for (let round = 0; round < 400; round++) {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([spoiled()], 'a.json'));
      const decided = new Promise<'restored' | 'refused'>((resolve) => {
        let decided = false;
        const restored = () => {
          decided = true;
          resolve('restored');
        };
        opening.addEventListener('state-opened', restored, { once: true });
        const look = () => {
          if (decided) return;
          const alert = opening.renderRoot.querySelector('[role=alert]');
          if (!alert) return requestAnimationFrame(look);
          opening.removeEventListener('state-opened', restored);
          alert.querySelector('button')!.click();
          return resolve('refused');
        };
        look();
      });
      document.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
      if ((await decided) === 'restored') restored++;
      else refused++;
      await opening.updateComplete;
    }
    return { restored, refused };
  }, text);
  expect(outcome.restored + outcome.refused).toBe(400);
  expect(outcome.refused).toBeGreaterThan(100);
  expect(outcome.restored).toBeGreaterThan(0);
  // It goes on as before.
  await drag(page, { ...json(null), bytes: Buffer.from(text) }, beside);
  await expect(weight(page, 2)).toHaveValue('2.5');
  await sampled(page);
});

test('weights dropped as a guide sample as the shipped ones do, on another panel and from a link too', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&schemes=autoguidance,autoguidance~guide.model:guide-32-0064:A');
  const shipped = await digest(page, 1, 8);
  expect(await digest(page, 2, 8)).not.toBe(shipped);
  const file = { name: 'My guide (512).safetensors', bytes: await weights('guide-A32-0512') };
  await drag(page, file, await half(page, 2, 'lower'), ['dragover']);
  await expect(page.locator('gp-file-opening .zone.here')).toHaveText('Guide');
  await drag(page, file, await half(page, 2, 'lower'));
  await expect(page.locator('gp-file-opening .zone')).toHaveCount(0);
  await expect(page.locator('[data-opened-status]')).toContainText(
    /Panel 2 has own-My-guide-512-\w{10} as its guide: .* 32 wide, .*; it learned Fractal tree, class A\./,
  );
  await sampled(page);
  expect(await digest(page, 2, 8)).toBe(shipped);
  const model = (await state(page)).panels[1]!.scheme.guide!.model;
  await expect(panel(page, 2).getByLabel('Guide model')).toHaveValue(model);
  // Every panel's menu has it.
  await panel(page, 1).getByLabel('Guide model').selectOption(model);
  await sampled(page);
  expect(await digest(page, 1, 8)).toBe(shipped);
  // As the main net it does something else.
  await drag(page, file, await half(page, 1, 'upper'));
  await expect.poll(async () => (await state(page)).panels[0]!.scheme.main.model).toBe(model);
  await sampled(page);
  expect(await digest(page, 1, 8)).not.toBe(shipped);
  await page.getByRole('button', { name: 'Undo' }).click();
  await sampled(page);

  // Elsewhere it is not, until the same file is dropped there.
  await expect.poll(() => page.url()).toContain(model);
  const elsewhere = await page.context().newPage();
  await elsewhere.emulateMedia({ reducedMotion: 'reduce' });
  await elsewhere.goto(page.url());
  const alert = panel(elsewhere, 2).getByRole('alert');
  await expect(alert).toContainText(
    `No network named ${model} is shipped: one of a visitor’s own is only where it was dropped or trained.`,
  );
  await expect(panel(elsewhere, 2).getByLabel('Guide model')).toHaveValue(model);
  await drag(elsewhere, file, await half(elsewhere, 2, 'lower'));
  await expect.poll(() => digest(elsewhere, 2, 8)).toBe(shipped);
  await elsewhere.close();
});

test('a scheme without a guide gets one, and weights can be chosen by keys', full, async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&schemes=none,autoguidance');
  const shipped = await digest(page, 2, 8);
  await page.locator('summary', { hasText: 'Export' }).focus();
  await page.keyboard.press('Enter');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Open a file…' }).press('Enter'),
  ]);
  await chooser.setFiles({ name: 'guide-A32-0512.safetensors', mimeType: '', buffer: silent(await weights('guide-A32-0512')) });
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('32 wide');
  await expect(dialog).toContainText('it does not say what data it learned, and is taken as of the paper’s tree');
  await expect(dialog).toContainText(/own-guide-A32-0512-\w{10}/);
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('Panel').selectOption('0');
  await dialog.getByLabel('Use as guide').check();
  await dialog.getByRole('button', { name: 'Use' }).click();
  await sampled(page);
  const [first] = (await state(page)).panels;
  expect(first!.choice).toBe('autoguidance');
  expect(await digest(page, 1, 8)).toBe(shipped);
});

test('spoiled weights are refused with what is wrong with them', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&schemes=none,autoguidance');
  const good = await weights('guide-A32-0512');
  const before = await state(page);
  const header = good.subarray(8, 8 + Number(good.readBigUInt64LE())).toString();
  const withHeader = (changed: string) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(changed.length));
    return Buffer.concat([length, Buffer.from(changed), good.subarray(8 + header.length)]);
  };
  const nan = Buffer.from(good);
  nan.writeUInt32LE(0x7fc00000, nan.length - 8);
  const bad: [Buffer, RegExp, number?][] = [
    [good.subarray(0, good.length - 100), /./],
    [Buffer.from('not a network'), /./],
    [Buffer.alloc(0), /./],
    [nan, /finite/],
    [withHeader(header.replace('layers.4.weight', 'layers.9.weight')), /layers/],
    [withHeader(header.replace('[32,4]', '[4,32]').replace('[32, 4]', '[4, 32]')), /shape/],
    [Buffer.alloc(0), /too large, with 70 MB/, 70_000_000],
  ];
  for (const [bytes, sentence, zeros = 0] of bad) {
    await drag(page, { name: 'bad.safetensors', bytes, zeros }, await half(page, 2, 'lower'));
    await expect(objection(page)).toContainText(sentence);
    await objection(page).getByRole('button', { name: 'Close' }).click();
  }
  expect(await state(page)).toEqual(before);
  await few(page, 4);
});

test('points that are dropped are sampled, as broad as one likes, and come back in their own units', async ({ page }) => {
  await openAtEnd(page, `?engine=cpu#${small}`);
  const data = async () => ((await state(page)).sampling as unknown as { distribution: string }).distribution;
  // Two clouds a thousand apart, about (5000, -300).
  const rows = Array.from({ length: 400 }, (_, i) => {
    const [angle, radius] = [i * 2.4, Math.sqrt(i)];
    return [5000 + (i % 2 ? 500 : -500) + 5 * radius * Math.cos(angle), -300 + 5 * radius * Math.sin(angle), i % 2 ? 'cat' : 'dog'];
  });
  await drag(page, json({ points: rows, bandwidth: 2 }), beside);
  await expect(page.getByLabel('Data', { exact: true }).locator('option:checked')).toHaveText('Points');
  await sampled(page);
  const brought = await data();
  expect(brought).toMatch(/^points-[-\d.~]+~[\w-]+$/);
  expect((await state(page)).panels.map(({ scheme }) => scheme.main.model)).toEqual(['exact', 'exact', 'exact']);
  await expect(page.getByText(/letters in links/)).toBeVisible();

  const bandwidth = page.getByLabel('Bandwidth');
  await expect(bandwidth).toHaveAttribute('aria-valuetext', '1.0 times');
  await bandwidth.fill('1');
  await expect(bandwidth).toHaveAttribute('aria-valuetext', '2.0 times');
  await sampled(page);
  expect(await data()).not.toBe(brought);
  // Eight times that of Scott's rule is more than there is: the slider goes back.
  await bandwidth.fill('2');
  await expect(bandwidth).toHaveValue('1');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  expect(await data()).toBe(brought);
  await expect(bandwidth).toHaveAttribute('aria-valuetext', '1.0 times');
  await sampled(page);
  expect(await violations(page)).toEqual([]);

  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .locator('gp-export-menu')
      .getByRole('button', { name: /^Particles/ })
      .click(),
  ]);
  const [header, ...lines] = (await readFile(await download.path(), 'utf8'))
    .trim()
    .split('\r\n')
    .filter((line) => !line.startsWith('#'));
  expect(header).toBe('panel,particle,step,sigma,x,y,own_x,own_y');
  const ends = lines.map((line) => line.split(',').map(Number)).filter(([panel]) => panel === 1);
  expect(ends).toHaveLength(512);
  // The main model is of class A, as the first name is: all cats, about 500 to the right.
  const mean = (column: number) => ends.reduce((sum, row) => sum + row[column]!, 0) / ends.length;
  expect(mean(6)).toBeGreaterThan(5400);
  expect(mean(6)).toBeLessThan(5600);
  expect(Math.abs(mean(7) + 300)).toBeLessThan(50);

  // The link alone has them, too.
  await page.reload();
  await sampled(page);
  expect(await data()).toBe(brought);
  await expect(page.getByLabel('Bandwidth')).toHaveCount(0);
});

test('a drawing that is dropped or pasted is sampled; what is no data is refused with a reason', async ({ page }) => {
  await openAtEnd(page);
  const data = async () => ((await state(page)).sampling as unknown as { distribution: string }).distribution;
  const csv = (text: string): Given => ({ name: 'mine.csv', type: 'text/csv', bytes: Buffer.from(text) });
  const strokes = [
    {
      class: 'A',
      size: 0.05,
      points: [
        [0, 0],
        [0.5, 0.9],
      ],
    },
    {
      class: 'B',
      size: 0.05,
      points: [
        [0, 0.9],
        [0.5, 0],
      ],
    },
  ];
  await drag(page, json({ strokes }), beside);
  await expect(page.getByLabel('Data', { exact: true }).locator('option:checked')).toHaveText('Drawing');
  await expect(page.locator('[data-opened-status]')).toContainText('sampled now');
  await sampled(page);
  const drawn = await data();
  expect(drawn).toMatch(/^drawing-[\w-]+$/);
  for (const [given, about] of [
    [csv('x,y\n1,2\n1,none\n'), /Row 3 must be two finite numbers/],
    [csv('1,2,A\n3,4,A\n'), /two, or points may be without any/],
    [csv(`x,y\n${'1,2\n'.repeat(100_001)}`), /number of points must be at most 100000/],
    [csv(`x,y\n${'1,2\n'.repeat(9_000_000)}`), /too large for data/],
    [json({ strokes: strokes.slice(1) }), /of both classes/],
    [json({ strokes: [strokes[0], { class: 'C' }] }), /Stroke 2 must be/],
  ] as const) {
    await drag(page, given, beside);
    await expect(objection(page)).toContainText(about);
    expect(await data()).toBe(drawn);
  }
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  expect(await data()).toBe('tree-2');
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true }));
  }, JSON.stringify({ strokes }));
  await expect(page.getByLabel('Data', { exact: true }).locator('option:checked')).toHaveText('Drawing');
  expect(await data()).toBe(drawn);
});
