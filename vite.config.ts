import { defineConfig } from 'vite';
import { article, stylesInside } from './www/article/plugin.js';
import { coreHandedOver, sameForBothBuilds } from './www/engine/plugin.js';

export default defineConfig({
  // Relative addresses: the page works under any sub-path of any static host.
  base: './',
  plugins: [article(), stylesInside(), sameForBothBuilds()],
  build: {
    target: 'es2022',
    // wasm and weights stay files, so that the worker can stream them.
    assetsInlineLimit: 0,
    sourcemap: true,
    rolldownOptions: { input: ['index.html', 'embed.html'] },
  },
  // As static hosts do it: a frame with sandbox="allow-scripts" has no origin, and reads everything as another's.
  preview: { cors: true },
  // Each in one file.
  worker: {
    format: 'es',
    plugins: () => [coreHandedOver()],
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
