// Embeds in pages that frameworks render: properties in, events out, and nothing left behind.
import { build } from 'esbuild';
import type { Page } from '@playwright/test';
import { expect, test, full } from './fixture.js';
import { embeds, openHost, ready, stateOf } from './host.js';

const react = `
  import { StrictMode, createElement as h, useState } from 'react';
  import { createRoot } from 'react-dom/client';
  function Post() {
    // Before the element is defined, React writes all as attributes' text.
    const [text] = useState(!customElements.get('guidance-playground'));
    const [props, change] = useState({ seed: 7, schemes: ['none', text ? 'none' : { guide: null }], paths: true });
    const [shown, show] = useState(true);
    Object.assign(window, { change, show });
    return shown && h('guidance-playground', { ...props, engine: 'cpu', particles: 512, levels: text ? '~steps:4' : { steps: 4 }, onready: ({ detail }) => (window.ready = [...(window.ready ?? []), detail.state]) });
  }
  createRoot(document.querySelector('#app')).render(h(StrictMode, null, h(Post)));
`;

const vue = `
  import { createApp, h, ref } from 'vue';
  // Before the element is defined, Vue takes what has no dot for an attribute's text.
  const props = ref({ seed: 7, '.schemes': ['none', { guide: null }], paths: true });
  const shown = ref(true);
  Object.assign(window, { change: (next) => (props.value = next), show: (next) => (shown.value = next) });
  createApp({
    render: () => shown.value ? h('guidance-playground', { ...props.value, engine: 'cpu', particles: 512, '.levels': { steps: 4 }, onReady: ({ detail }) => (window.ready = [...(window.ready ?? []), detail.state]) }) : null,
  }).mount('#app');
`;

interface Post {
  change(props: object): void;
  show(shown: boolean): void;
  ready?: string[];
}

for (const [name, source] of Object.entries({ react, vue })) {
  for (const first of ['the app', 'the element'] as const) {
    test(
      `${name} renders an embed, changes it, and takes it away; ${first} comes first`,
      name === 'react' && first === 'the app' ? {} : full,
      async ({ page }) => {
        const { outputFiles } = await build({
          stdin: { contents: source, resolveDir: '.' },
          bundle: true,
          write: false,
          format: 'iife',
          define: {
            'process.env.NODE_ENV': '"development"',
            __VUE_OPTIONS_API__: 'true',
            __VUE_PROD_DEVTOOLS__: 'false',
            __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
          },
          alias: name === 'vue' ? { vue: 'vue/dist/vue.runtime.esm-bundler.js' } : {},
          logLevel: 'silent',
        });
        await page.route('**/app.js', (route) => route.fulfill({ contentType: 'text/javascript', body: outputFiles![0]!.text }));
        const [app, element] = ['./app.js', './guidance-playground.js'];
        const [one, other] = first === 'the app' ? [app, element] : [element, app];
        await openHost(page, '<div id="app"></div>', { scripts: `<script type="module" src="${one}"></script>` });
        const embed = embeds(page);
        if (first === 'the app') await expect(embed).toHaveCount(1);
        else await page.evaluate(() => customElements.whenDefined('guidance-playground'));
        await page.addScriptTag({ type: 'module', url: other });
        await expect(embed).toHaveCount(1);
        await embed.evaluate(() => customElements.whenDefined('guidance-playground'));
        await ready(embed);
        expect(await stateOf(embed)).toMatchObject({ schemes: ['none', 'none'], seed: 7, particles: 512, steps: 4, paths: true });
        await expect.poll(() => page.evaluate(() => (window as unknown as Post).ready?.length)).toBe(1);

        const change = (props: object) => page.evaluate((props) => (window as unknown as Post).change(props), props);
        const instrument = await embed.evaluateHandle((element: HTMLElementTagNameMap['guidance-playground']) => element.instrument);
        await change({ seed: 8, [name === 'vue' ? '.schemes' : 'schemes']: ['apg'], paths: false });
        await expect.poll(() => stateOf(embed)).toMatchObject({ schemes: ['apg'], seed: 8, paths: false, steps: 4 });
        // What is not given any more is as if it had never been.
        await change({ seed: 8 });
        await expect
          .poll(() => stateOf(embed))
          .toMatchObject({ schemes: ['none', 'classifier-free', 'autoguidance'], seed: 8, paths: false, steps: 4 });
        expect(
          await embed.evaluate(
            (element: HTMLElementTagNameMap['guidance-playground'], before) => element.instrument === before,
            instrument,
          ),
        ).toBe(true);
        await ready(embed);

        await page.evaluate(() => (window as unknown as Post).show(false));
        await expect(embed).toHaveCount(0);
        expect(await workersLeft(page)).toBe(0);
      },
    );
  }
}

/** Some time after the last embed has left. */
async function workersLeft(page: Page): Promise<number> {
  await expect.poll(() => page.workers().length).toBe(0);
  return page.workers().length;
}
