import { defineConfig } from 'vite';
import { article, stylesInside } from './www/article/plugin.js';
import { ownRem } from './www/styles/plugin.js';

export default defineConfig({
  // Relative addresses: the page works under any sub-path of any static host.
  base: './',
  plugins: [article(), stylesInside(), ownRem()],
  build: {
    target: 'es2022',
    // wasm and weights stay files, so that the worker can stream them.
    assetsInlineLimit: 0,
    sourcemap: true,
    rolldownOptions: { input: ['index.html', 'embed.html'] },
  },
  worker: { format: 'es' },
});
