import { defineConfig } from 'vite';
import { article } from './www/article/plugin.js';
import { coreHandedOver, sameForBothBuilds } from './www/engine/plugin.js';
import { elementStyles } from './www/styles/plugin.js';

export default defineConfig({
  // Relative addresses: the page works under any sub-path of any static host.
  base: './',
  publicDir: 'www/public',
  plugins: [article(), elementStyles(), sameForBothBuilds()],
  build: {
    target: 'es2022',
    // light-dark() as it is: what the bundler would write in its place follows a style sheet's colour scheme only, not an element's.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // wasm and weights stay files, so that the worker can stream them.
    assetsInlineLimit: 0,
    sourcemap: true,
    rolldownOptions: {
      // Beside the pages the element as a module of its own, at an address that stays: posts name it.
      input: { index: 'index.html', embed: 'embed.html', 'guidance-playground': 'www/element/guidance-playground.ts' },
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: ({ name }) => (name === 'guidance-playground' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  // Each in one file.
  worker: {
    format: 'es',
    plugins: () => [coreHandedOver()],
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
