import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOf, remembered } from '../scheme/data.js';
import { Cores } from './cores.js';
import { DataSupply } from './data-supply.js';

test('a worker is told once of what it lacks, and makes its cores of that, those that it had let go of too', () => {
  const worker = () => {
    const made: string[] = [];
    const cores = new Cores((content) => {
      made.push(content);
      return { content, free() {} };
    });
    let told = 0;
    const supply = new DataSupply((order) => {
      told += 1;
      cores.learn(order);
    });
    const ask = (content: string) => {
      const id = idOf(content);
      supply.tell(id);
      assert.equal(cores.of(id).content, content);
    };
    return { ask, made, told: () => told };
  };
  const contents = ['tree-2', 'two-moons', 'tree-7', 'tree-8', 'tree-9'];
  const [one, other] = [worker(), worker()];
  for (const content of [...contents, 'tree-9', 'tree-2']) one.ask(content);
  assert.equal(one.told(), 5);
  assert.deepEqual(one.made, [...contents, 'tree-2']);
  // What both have forgotten is told anew.
  for (let seed = 100; seed < 100 + remembered; seed++) one.ask(`tree-${seed}`);
  one.ask('tree-2');
  assert.equal(one.told(), 5 + remembered + 1);
  other.ask('tree-7');
  assert.deepEqual([other.told(), other.made], [1, ['tree-7']]);
});
