import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressBar } from './address-bar.js';

test('a state that somebody puts into the address is not written over before its event', (t) => {
  const timers: (() => void)[] = [];
  const location = { href: 'https://a.test/', search: '' };
  const history = { state: null, replaceState: (_: null, __: string, link: string) => (location.href = link) };
  const stubs = { location, history, addEventListener() {}, window: { setTimeout: (act: () => void) => timers.push(act) } };
  for (const [name, value] of Object.entries(stubs)) Object.defineProperty(globalThis, name, { value, configurable: true });
  t.after(() => Object.keys(stubs).forEach((name) => Reflect.deleteProperty(globalThis, name)));
  let text = 'v=1&seed=2';
  const heard: string[] = [];
  const bar = new AddressBar(
    () => text,
    () => heard.push(location.href),
  );
  bar.start();
  const rest = () => timers.splice(0).forEach((act) => act());
  bar.note();
  rest();
  assert.equal(location.href, 'https://a.test/#v=1&seed=2');
  text = 'v=1&seed=3';
  bar.note();
  location.href = 'https://a.test/#v=1&seed=7';
  rest();
  assert.deepEqual([location.href, heard], ['https://a.test/#v=1&seed=7', ['https://a.test/#v=1&seed=7']]);
  // It has been taken over, and goes on changing.
  text = 'v=1&seed=8';
  bar.note();
  rest();
  assert.equal(location.href, 'https://a.test/#v=1&seed=8');
});
