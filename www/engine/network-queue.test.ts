import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planeSchemes } from '../plane/schemes.js';
import { identified } from '../scheme/data.js';
import { rulesFile } from '../scheme/own-rule.js';
import type { RunConfig, Scheme } from '../scheme/scheme.js';
import { textOf } from '../scheme/table.js';
import { Cores, lackingIn } from './cores.js';
import { NetworkQueue } from './network-queue.js';

/** A core that knows of networks only which it has. */
class Core {
  readonly #networks = new Set<string>();

  missingNetworks({ main, guide }: Pick<Scheme, 'main' | 'guide'>): string[] {
    return [main, guide!].map(textOf).filter((name) => !this.#networks.has(name));
  }

  addNetwork(name: string): void {
    this.#networks.add(name);
  }

  free(): void {}
}

const config = (distribution: string) =>
  identified<RunConfig>({ scheme: planeSchemes.choiceOf('autoguidance').scheme, particles: 1, seed: 1, distribution });

test('runs on more distributions than a worker keeps all begin, and each network is asked for by the first that lack it', () => {
  const asked = new Map<number, string[]>();
  const begun: number[] = [];
  const queue = new NetworkQueue(
    lackingIn(new Cores(() => new Core() as never)),
    (run, names) => asked.set(run, names),
    (_, failure) => assert.fail(failure.message),
  );
  for (let run = 0; run < 6; run++) queue.enter(run, config(`tree-${run}`), () => begun.push(run));
  assert.equal(asked.size, 6);
  // As the page hands them over: each to each that asked.
  for (const names of asked.values()) for (const name of names) queue.receive(name, new Uint8Array());
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
  queue.enter(6, config('tree-0'), () => begun.push(6));
  assert.equal(begun.at(-1), 6);
  assert.equal(asked.size, 6);
});

test('a run of a rule of one’s own asks for what runs that, and then for its networks', () => {
  const asked: [number, string[]][] = [];
  const begun: number[] = [];
  const held = new Set<string>();
  const queue = new NetworkQueue<{ scheme: { combination: unknown } }>(
    () => [{ addNetwork: (name) => held.add(name) }, ['main', 'guide'].filter((name) => !held.has(name))],
    (run, names) => asked.push([run, names]),
    (_, failure) => assert.fail(failure.message),
  );
  const own = { scheme: { combination: { own: { text: 'D1' } } } };
  for (const [run, config] of [own, { scheme: { combination: 'lerp' } }, own].entries()) queue.enter(run, config, () => begun.push(run));
  // An empty program.
  queue.receive(rulesFile, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  assert.deepEqual(asked, [
    [0, [rulesFile]],
    [1, ['main', 'guide']],
    [2, [rulesFile]],
    [0, ['main', 'guide']],
    [2, ['main', 'guide']],
  ]);
  for (const name of ['main', 'guide']) queue.receive(name, new Uint8Array());
  assert.deepEqual(begun, [0, 1, 2]);
});
