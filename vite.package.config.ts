import { defineConfig, mergeConfig, type Plugin, type UserConfig } from 'vite';
import { both } from './vite.config.js';
import { elementManifest } from './www/embed/plugin.js';
import { coreHandedOver } from './www/engine/plugin.js';

/** Imports load nothing beside their module, and need no more of Vite than that; webpack would warn of the rest. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) => (id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load();' : null),
};

/** What the library has in common with the instrument. Nothing in it is for browsers alone: Node has no `document`. */
const sampler =
  /\/www\/(?:scheme\/(?:address|table|data|fit|pointer|scheme)|plane\/(?:schemes|catalogue|networks)|engine\/(?:choice|core|fetch-file|networks|open-worker|pool|support|weights))\b|\/weights\/(?!images\/)|\/wasm-feature-detect\//;

/** What the library and the few kilobytes of the element have in common. */
const failure = /\/www\/engine\/failure\b/;

/** The npm package: the library and the element, in browsers, for bundlers and in Node (docs/api.md). */
export default defineConfig(
  mergeConfig(both(), {
    publicDir: false,
    plugins: [coreHandedOver(), plainImports, elementManifest()],
    build: {
      outDir: 'pkg/lib',
      emptyOutDir: true,
      modulePreload: false,
      license: { fileName: 'licences.md' },
      rolldownOptions: {
        input: {
          index: 'www/library/index.ts',
          images: 'www/library/images/index.ts',
          training: 'www/library/training/index.ts',
          'guidance-playground': 'www/embed/guidance-playground.ts',
        },
        preserveEntrySignatures: 'strict',
        output: {
          // Entries have the names of the manifest's exports; what they load is named by its content, so that caches keep it.
          // All modules lie in one folder: a bundle of them finds the assets beside itself, too.
          entryFileNames: '[name].js',
          chunkFileNames: 'chunk-[name]-[hash].js',
          codeSplitting: {
            groups: [
              { name: 'failure', test: failure, priority: 4 },
              { name: 'sampler', test: sampler, priority: 3 },
            ],
          },
        },
      },
    },
  } satisfies UserConfig),
);
