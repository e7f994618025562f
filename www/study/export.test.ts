// Tables as files: what is written is read back, cell by cell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planeBasis as plane } from '../plane/state/lab.js';
import { reachable } from '../plane/state/random-states.js';
import { toCsv, type Row } from './export.js';

/** The records of a CSV file by RFC 4180. */
function records(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

const cells = {
  name: fc.string({ unit: 'binary' }),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  loss: fc.constantFrom(NaN, Infinity, null, undefined),
  count: fc.maxSafeInteger(),
  scheme: reachable.map(({ panels, sampling }) => plane.runConfig(panels[0]!, sampling).scheme),
};

test('tables are read back from their CSV: numbers to the bit, and configurations', () => {
  fc.assert(
    fc.property(fc.array(fc.record(cells), { minLength: 1, maxLength: 5 }), (rows) => {
      const [columns, ...read] = records(toCsv(rows as Row[]));
      assert.deepEqual(columns, Object.keys(cells));
      assert.equal(read.length, rows.length);
      for (const [index, [name, value, loss, count, scheme]] of read.entries()) {
        const row = rows[index]!;
        assert.equal(name, row.name);
        // -0 is 0 as text.
        assert.equal(Number(value), row.value + 0);
        assert.ok([String(row.loss), ''].includes(loss!), loss);
        assert.ok(loss === '' || !Number.isFinite(Number(loss)));
        assert.equal(Number(count), row.count);
        assert.deepEqual(JSON.parse(scheme!), JSON.parse(JSON.stringify(row.scheme)));
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});
