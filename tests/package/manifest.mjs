// custom-elements.json: valid, and true of the element.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { inChromium, served } from './browser.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv');

const names = (list) => list.map(({ name }) => name).sort();

export function testManifest(folder) {
  const installed = join(folder, 'node_modules/guidance-playground');
  const { customElements: path, exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(join(installed, path), 'utf8'));

  test('custom-elements.json fits its schema', () => {
    const validate = new Ajv({ strict: false }).compile(require('custom-elements-manifest'));
    assert.ok(validate(manifest), JSON.stringify(validate.errors));
    assert.equal(exports['./custom-elements.json'], `./${path}`);
    const [{ path: module, declarations, exports: exported }] = manifest.modules;
    assert.equal(`./${module}`, exports['./element'].default);
    assert.deepEqual(
      declarations.map(({ name }) => name),
      [exported[0].name],
    );
  });

  test('custom-elements.json says what the element has', async () => {
    const [{ tagName, attributes, members, events, slots, cssParts, cssProperties }] = manifest.modules[0].declarations;
    for (const each of [...attributes, ...members, ...events, ...slots, ...cssParts, ...cssProperties]) {
      assert.ok(each.description.length > 10, each.name);
    }
    const out = join(folder, 'out-manifest');
    mkdirSync(out);
    cpSync(join(installed, 'lib'), join(out, 'lib'), { recursive: true });
    writeFileSync(join(out, 'index.html'), '<!doctype html><script type="module" src="lib/guidance-playground.js"></script>');
    const element = await served(out, (address) =>
      inChromium(async (page, faults) => {
        await page.goto(address);
        const found = await page.evaluate(async (tagName) => {
          const definition = await customElements.whenDefined(tagName);
          const made = new definition();
          const own = Object.getOwnPropertyNames(definition.prototype).filter((name) => !/^constructor$|Callback$/.test(name));
          const isMethod = (name) => typeof Object.getOwnPropertyDescriptor(definition.prototype, name).value === 'function';
          const all = (selector) => [...made.shadowRoot.querySelectorAll(selector)];
          return {
            attributes: [...definition.observedAttributes].sort(),
            fields: own.filter((name) => !isMethod(name)).sort(),
            methods: own.filter(isMethod).sort(),
            slots: all('slot').map(({ name }) => name),
            parts: all('[part]')
              .map((element) => element.getAttribute('part'))
              .sort(),
          };
        }, tagName);
        assert.deepEqual(faults, []);
        return found;
      }),
    );
    assert.deepEqual(names(attributes), element.attributes);
    // What is behind the element is nobody's to use.
    assert.deepEqual([...names(members.filter(({ kind }) => kind === 'field')), 'instrument'].sort(), element.fields);
    assert.deepEqual(names(members.filter(({ kind }) => kind === 'method')), element.methods);
    // Of content in no slot nothing is seen.
    assert.deepEqual(names(slots), ['', ...element.slots]);
    assert.deepEqual(names(cssParts), element.parts);
    assert.deepEqual(names(events), ['change', 'enginechange', 'error', 'frame', 'ready']);
    assert.deepEqual(names(cssProperties), ['--guidance-playground-gutter']);
  });
}
