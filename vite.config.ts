import { defineConfig, mergeConfig, type UserConfig } from 'vite';
import { article } from './www/article/plugin.js';
import { coreHandedOver, sameForBothBuilds } from './www/engine/plugin.js';
import { ownRem } from './www/styles/plugin.js';

/** What the page and the npm package have in common. */
export const both = (): UserConfig => ({
  // Relative addresses: they work under any sub-path of any static host, and in a bundle.
  base: './',
  plugins: [ownRem(), sameForBothBuilds()],
  build: {
    target: 'es2022',
    // light-dark() as it is: what the bundler would write in its place follows a style sheet's colour scheme only, not an element's.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // wasm and weights stay files, each fetched when it is needed.
    assetsInlineLimit: 0,
    sourcemap: true,
  },
  // Each in one file.
  worker: {
    format: 'es',
    plugins: () => [coreHandedOver()],
    rolldownOptions: { output: { codeSplitting: false } },
  },
});

export default defineConfig(
  mergeConfig(both(), {
    publicDir: 'www/public',
    plugins: [article()],
    build: {
      rolldownOptions: {
        // Beside the pages the element as a module of its own, at an address that stays: posts name it.
        input: { index: 'index.html', embed: 'embed.html', 'guidance-playground': 'www/element/guidance-playground.ts' },
        preserveEntrySignatures: 'exports-only',
        output: {
          entryFileNames: ({ name }: { name: string }) => (name === 'guidance-playground' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
      },
    },
  } satisfies UserConfig),
);
