// Files are read back as they were written: what was set by the page, configurations by whoever takes schemes, numbers to the bit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { element, escapeText } from '../../drawing/shapes.js';
import type { PlaneRecord } from '../engine/backend.js';
import { planeSchemes } from '../schemes.js';
import { choose } from '../../scheme/address.js';
import { writeState } from '../../state/address.js';
import { planeBasis as plane } from '../state/lab.js';
import { reachable } from '../state/random-states.js';
import type { PlaneState } from '../state/state.js';
import { writeJson, writeParticles, writeTrajectories } from './data.js';
import type { PlaneSource } from './source.js';
import { readFromPicture, writeIntoGif, writeIntoPng } from '../../export/metadata.js';
import { readBegin, readCsv, readRecord, recordOf } from '../../export/record.js';

/** A source whose panels all have the same path of a few particles. */
function sourceOf(state: PlaneState, path: Float32Array, steps: number): PlaneSource {
  const sampling = { ...state.sampling, particles: path.length / 2 / (steps + 1) };
  const panels = state.panels.map((panel) => {
    const config = plane.runConfig(panel, sampling);
    const backend = {
      kind: 'cpu',
      positions: async (_: PlaneRecord, step: number) =>
        Float32Array.from({ length: 2 * config.particles }, (__, at) => path[(at >> 1) * 2 * (steps + 1) + 2 * step + (at & 1)]!),
      paths: async (_: PlaneRecord, numbers: Uint32Array) =>
        path.subarray(2 * (steps + 1) * numbers[0]!).slice(0, 2 * (steps + 1) * numbers.length),
    };
    const run = { config, backend, started: true, finished: true, stepsDone: steps, steps, metrics: null, failure: null };
    return { panel, run, title: panel.choice };
  });
  const noiseLevels = Float64Array.from({ length: steps + 1 }, (_, step) => (steps - step) / 3);
  return { lab: plane, state, panels, noiseLevels, sampled: async () => {} } as unknown as PlaneSource;
}

const float = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -0, 1e-45));
const sources = fc
  .tuple(reachable, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .chain(([state, particles, steps]) =>
    fc
      .array(float, { minLength: 2 * particles * (steps + 1), maxLength: 2 * particles * (steps + 1) })
      .map((numbers) => ({ state, steps, particles, path: Float32Array.from(numbers) })),
  );

/** -0 is 0 as a number of JSON is. */
const plain = (value: number) => (Number.isFinite(value) ? Math.fround(value) + 0 : null);

test('JSON is read back: what was set, configurations, and positions to the bit', async () => {
  await fc.assert(
    fc.asyncProperty(sources, fc.boolean(), async ({ state, steps, particles, path }, trajectories) => {
      const source = sourceOf(state, path, steps);
      const file = JSON.parse(await (await writeJson(source, trajectories)).text());
      assert.equal(writeState(plane, readRecord(plane, { ...file, rows: false })), writeState(plane, state));
      for (const [index, { config }] of file.panels.entries()) {
        assert.deepEqual(choose(planeSchemes, config.scheme).scheme, JSON.parse(JSON.stringify(source.panels[index]!.run!.config.scheme)));
        const found: (number | null)[][] = (trajectories ? file.trajectories : file.ends)[index];
        const length = 2 * (steps + 1);
        const wanted = Array.from({ length: particles }, (_, particle) =>
          [...path.subarray(length * particle, length * (particle + 1))].map(plain),
        );
        assert.deepEqual(
          found.map((numbers) => numbers.map((each) => (each === null ? null : Math.fround(each)))),
          trajectories ? wanted : wanted.map((numbers) => numbers.slice(-2)),
        );
      }
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('CSV has what was set in its first lines, and a row for each particle and step', async () => {
  await fc.assert(
    fc.asyncProperty(sources, fc.boolean(), async ({ state, steps, particles, path }, trajectories) => {
      const source = sourceOf({ ...state, playback: { ...state.playback, position: steps } }, path, steps);
      const text = await (await (trajectories ? writeTrajectories(source) : writeParticles(source))).text();
      const lines = text.split('\r\n');
      const header = lines.filter((line) => line.startsWith('# '));
      const written = header.find((line) => line.startsWith('# state: '))!.slice('# state: '.length);
      assert.equal(written === 'as the page opens' ? '' : written, writeState(plane, source.state));
      const configs = header.filter((line) => line.startsWith('# panel ')).map((line) => JSON.parse(line.slice(line.indexOf('{'))));
      assert.deepEqual(
        configs.map(({ scheme }) => choose(planeSchemes, scheme).scheme),
        source.panels.map(({ run }) => JSON.parse(JSON.stringify(run!.config.scheme))),
      );
      const [columns, ...rows] = lines.slice(header.length, -1).map((line) => line.split(','));
      assert.deepEqual(columns, ['panel', 'particle', 'step', 'sigma', 'x', 'y']);
      assert.equal(rows.length, state.panels.length * particles * (trajectories ? steps + 1 : 1));
      for (const row of rows) {
        const [, particle, step, , x, y] = row.map(Number);
        const from = 2 * ((steps + 1) * particle! + step!);
        assert.deepEqual(
          [x! + 0, y! + 0].map(Math.fround),
          [...path.subarray(from, from + 2)].map((each) => each + 0),
        );
      }
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('pictures and films are read back: what was set', async () => {
  const png = new Blob([new Uint8Array(33), new Uint8Array(500).fill(123)]);
  const gif = Uint8Array.from([...'GIF89a'].map((letter) => letter.charCodeAt(0)).concat(new Array(500).fill(123), 0x3b));
  await fc.assert(
    fc.asyncProperty(reachable, async (state) => {
      const record = JSON.stringify(recordOf(sourceOf(state, new Float32Array(4), 1)));
      const svg = `<?xml version="1.0"?>\n<svg>${element('metadata', { id: 'guidance-playground' }, escapeText(record))}</svg>`;
      for (const file of [
        await writeIntoPng(png, record),
        writeIntoGif(gif, record),
        new Blob([svg]),
        new Blob(['ftypisom', record, 'mdat']),
      ]) {
        const read = readBegin(readFromPicture(new Uint8Array(await file.arrayBuffer())));
        assert.equal(writeState(plane, readRecord(plane, read)), writeState(plane, state));
      }
    }),
    { numRuns: 200, seed: 1 },
  );
  assert.throws(() => readRecord(plane, readBegin(readFromPicture(gif))), /was not written by the Guidance Playground/);
});

test('CSV of others, and tables, bring nothing back', () => {
  assert.throws(() => readRecord(plane, readCsv('x,y\n1,2\n')), /was not written by the Guidance Playground/);
  assert.throws(() => readRecord(plane, readCsv('# pandas 2.0: x\r\n# state: v=1\r\n')), /was not written by the Guidance Playground/);
  assert.throws(
    () => readRecord(plane, readCsv('number,scheme,program,version\r\n1,{},guidance-playground,1\r\n')),
    /a table of trials or sweeps/,
  );
  assert.throws(() => readRecord(plane, readCsv('# guidance-playground 1.0: x\r\n# state: v=1&seed=-1\r\n')), /seed that cannot be had/);
});
