// Files of pictures are read back as they were written: what was set by the page, metrics and readings cell by cell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFromPicture } from '../../export/metadata.js';
import { readBegin, readCsv, readRecord, recordOf } from '../../export/record.js';
import { askedBy, readOpening, writeState } from '../../state/address.js';
import type { ImagesRecord, ImagesResult } from '../engine/backend.js';
import type { Question } from '../engine/questions.js';
import { pictureSchemes, vocabulary } from '../schemes.js';
import { imagesBasis as images } from '../state/lab.js';
import { shown } from '../state/look.js';
import { pictures as numbers } from '../state/state.js';
import { writeJson, writeMetrics, writePictures, writeReadings } from './data.js';
import { seenOf } from './seen.js';
import type { ImagesSource } from './source.js';

const perPicture = 32 * 32 * 3;
const world = { scale: 0.5, mean: [0.25, 0.5, 0.75] as const, numbers: perPicture, credits: vocabulary.credits };

/** What a picture is said to be, by the place of the true one. */
const told = (place: number) => ({ subject: `concept ${place}`, style: vocabulary.styles[place % 5]!, background: 'night' });

const reading = (place: number) => ({
  picture: place,
  distance: place / 8,
  chromaExcess: -0.5,
  totalVariationExcess: 0.25,
  outside: 0,
  logDensity: -3.5,
});

/** A source whose panels have come to their end; of the first the second picture is lost, and the last has failed. */
function sourceOf(text: string): ImagesSource & { asked: Question[] } {
  const { state } = readOpening(images, askedBy(text), false, 'The test', true);
  const asked: Question[] = [];
  const panels = state.panels.map((panel, index) => {
    const config = images.runConfig(panel, state.sampling);
    const { pictures } = config;
    const estimate = { value: 0.5, standardError: 0.1, floor: { mean: 0.9, spread: 0.05 } };
    const readings = Array.from({ length: pictures }, (_, picture) => (index === 0 && picture === 1 ? null : reading(picture % 7)));
    const failed = index > 0 && index === state.panels.length - 1;
    const run = {
      config,
      started: !failed,
      finished: !failed,
      stepsDone: failed ? 0 : config.scheme.levels.steps,
      metrics: failed ? null : ({ subjectRight: estimate, readings, samples: pictures, lost: 1 } as unknown as ImagesResult),
      failure: failed ? { code: 'x', message: 'It failed.', advice: '' } : null,
      evaluations: 30,
      milliseconds: 1,
      backend: {
        kind: 'cpu',
        // Which picture and which step, as a number of data; estimates are below 0.
        frame: (_: ImagesRecord, step: number) => {
          const data = Float32Array.from({ length: pictures * perPicture }, (__, at) => Math.floor(at / perPicture) + step / 256);
          return { data, estimates: data.map((value) => -value) };
        },
      },
    };
    return { panel, run, title: panel.choice, position: state.playback.position, picture: null };
  });
  const engine = {
    world,
    ask: async (question: Question) => {
      asked.push(question);
      if (question.type === 'pictures') return { places: [...question.places], pictures: question.places.map(told) };
      assert.equal(question.type, 'estimates');
      const { data, first } = question as Extract<Question, { type: 'estimates' }>;
      return { main: data.map((value) => 100 * first + value), guide: data.map((value) => 1000 + value), guided: data };
    },
  };
  const noiseLevels = Float64Array.of(2, 1, 0);
  return { lab: images, engine, state, panels, noiseLevels, asked, sampled: async () => {} } as unknown as ReturnType<typeof sourceOf>;
}

const schemes = pictureSchemes.catalogue.presets.map(({ id }) => id);
const states = fc
  .record({
    prompt: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom('a rocket', '<b>"cat"</b>', 'x","state":"v=1&seed=4')),
    schemes: fc.uniqueArray(fc.constantFrom(...schemes), { minLength: 1, maxLength: 4 }),
    seed: fc.maxSafeInteger().map(Math.abs),
    pictures: fc.constantFrom(...numbers.choices),
    shows: fc.constantFrom(...shown),
    large: fc.constantFrom(0, 1),
    lit: fc.nat(3),
  })
  .map(
    (parts) =>
      `v=1&${Object.entries(parts)
        .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
        .join('&')}`,
  );

const fewer = { numRuns: 40, seed: 1 };

test('JSON is read back: what was set, metrics, and what is seen in words', async () => {
  await fc.assert(
    fc.asyncProperty(states, async (text) => {
      const source = sourceOf(text);
      const file = JSON.parse(await (await writeJson(source)).text());
      assert.equal(writeState(images, readRecord(images, { ...file, rows: false })), writeState(images, source.state));
      assert.equal(file.credits, vocabulary.credits);
      for (const [index, { metrics, failure }] of file.panels.entries()) {
        const { run } = source.panels[index]!;
        assert.deepEqual(failure, run!.failure);
        if (!run!.metrics) {
          assert.equal(metrics, null);
          continue;
        }
        assert.deepEqual(metrics.subjectRight, { value: 0.5, standardError: 0.1, floor: { mean: 0.9, spread: 0.05 } });
        assert.deepEqual(
          metrics.readings,
          run!.metrics.readings.map((each) => each && { ...told(each.picture), ...each }),
        );
      }
    }),
    fewer,
  );
});

/** Lines of `#`, and rows by column; no cell of these has a comma that is not within quotes. */
function readRows(text: string) {
  const lines = text.split('\r\n');
  const [columns, ...rows] = lines.filter((line) => !line.startsWith('#')).filter(Boolean);
  const names = columns!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, at) => [names[at], cell])));
}

test('CSV has a row for each picture, and brings back what was set', async () => {
  await fc.assert(
    fc.asyncProperty(states, async (text) => {
      const source = sourceOf(text);
      for (const write of [writeReadings, writeMetrics]) {
        const written = await (await write(source)).text();
        assert.equal(writeState(images, readRecord(images, readCsv(written))), writeState(images, source.state));
      }
      const rows = readRows(await (await writeReadings(source)).text());
      const finished = source.panels.filter(({ run }) => run!.finished);
      assert.equal(rows.length, finished.length * source.state.sampling.pictures);
      assert.deepEqual(
        { ...rows[0] },
        {
          ...{ panel: '1', picture: '0', subject: 'concept 0', style: vocabulary.styles[0], background: 'night', nearest: '0' },
          ...{ distance: '0', chromaExcess: '-0.5', totalVariationExcess: '0.25', outside: '0', logDensity: '-3.5' },
        },
      );
      assert.deepEqual([rows[1]!['picture'], rows[1]!['subject'], rows[1]!['distance']], ['1', '', '']);
      assert.deepEqual([rows[2]!['nearest'], rows[2]!['distance']], ['2', '0.25']);
    }),
    fewer,
  );
});

test('metrics are a row for each panel that has come to its end', async () => {
  const source = sourceOf('v=1&schemes=none,cfg4,cfg8&prompt=a%20rocket&pictures=9');
  const rows = readRows(await (await writeMetrics(source)).text());
  assert.deepEqual(
    rows.map((row) => [row['panel'], row['title'], row['prompt'], row['pictures'], row['subjectRight'], row['subjectRight.floorMean']]),
    [
      ['1', 'none', 'rocket', '9', '0.5', '0.9'],
      ['2', 'cfg4', 'rocket', '9', '0.5', '0.9'],
    ],
  );
});

test('pictures are colours, as they are shown, and bring back what was set', async () => {
  const source = sourceOf('v=1&schemes=none,cfg4,cfg8&pictures=4&step=3&shows=guided');
  const bytes = new Uint8Array(await (await writePictures(source)).arrayBuffer());
  assert.equal(writeState(images, readRecord(images, readBegin(readFromPicture(bytes)))), writeState(images, source.state));
  const text = new TextDecoder('latin1').decode(bytes);
  assert.ok(text.includes(JSON.stringify(vocabulary.credits)));
  const arrays = [...text.matchAll(/panel(\d)\.npy\x93NUMPY/g)];
  assert.deepEqual(
    arrays.map(([, panel]) => panel),
    ['1', '2'],
  );
  const at = text.indexOf('\x93NUMPY');
  assert.match(text.slice(at, at + 128), /'shape': \(4, 32, 32, 3\)/);
  const colours = new Float32Array(bytes.slice(at + 128, at + 128 + 4 * 4 * perPicture).buffer);
  // Of the last picture, whose number is 3, after 3 steps of 256.
  const wanted = world.mean.map((mean) => mean - 0.5 * (3 + 3 / 256));
  assert.deepEqual([...colours.slice(-3)], wanted.map(Math.fround));
});

test('pictures wait for the runs that are about to take their panels', async () => {
  const source = sourceOf('v=1&schemes=none,cfg4,cfg8&pictures=4');
  const panels = [...source.panels];
  // Released meanwhile: there is nothing to be read of it any more.
  const released = { ...panels[1]!, run: { ...panels[1]!.run!, backend: { frame: () => null } } };
  let current = [panels[0], released];
  const changing = Object.defineProperty({ ...source, sampled: async () => void (current = panels) }, 'panels', { get: () => current });
  const bytes = new Uint8Array(await (await writePictures(changing)).arrayBuffer());
  assert.match(new TextDecoder('latin1').decode(bytes), /panel2\.npy\x93NUMPY/);
});

test('what is seen is what is looked at: pictures, estimates, or the lit one alone', async () => {
  const first = async (text: string) => {
    const source = sourceOf(`v=1&schemes=cfg4,none&pictures=4&step=5&${text}`);
    const seen = await seenOf(source, source.panels[0]!, 5);
    return { seen: seen && [seen.data.length / perPicture, seen.data[0]!, seen.lit], asked: source.asked.length };
  };
  assert.deepEqual(await first('lit=2'), { seen: [4, 5 / 256, 2], asked: 0 });
  assert.deepEqual(await first('shows=guided'), { seen: [4, -5 / 256, null], asked: 0 });
  assert.deepEqual(await first('shows=guide'), { seen: [4, Math.fround(1000 + 5 / 256), null], asked: 1 });
  assert.deepEqual(await first('large=1&lit=2'), { seen: [1, 2 + 5 / 256, null], asked: 0 });
  // Of that one alone is asked.
  assert.deepEqual(await first('large=1&lit=2&shows=main'), { seen: [1, Math.fround(202 + 5 / 256), null], asked: 1 });
  const unguided = sourceOf('v=1&schemes=none,cfg4&pictures=4&shows=guide');
  assert.equal(await seenOf(unguided, unguided.panels[0]!, 5), null);
  assert.deepEqual(unguided.asked, []);
});

test('a record names whose works are in it, where they are anybody’s', () => {
  assert.equal(recordOf(sourceOf('v=1')).credits, vocabulary.credits);
});
