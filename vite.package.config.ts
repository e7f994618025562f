import { defineConfig } from 'vite';

/** The npm package: the library and the element, in browsers, for bundlers and in Node (see docs/api.md). */
export default defineConfig({
  // Addresses are relative to the module that has them, which bundlers and Node understand.
  base: './',
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'pkg/lib',
    emptyOutDir: true,
    // wasm and weights stay files, each fetched when it is needed.
    assetsInlineLimit: 0,
    modulePreload: false,
    sourcemap: true,
    rolldownOptions: {
      input: { index: 'www/library/index.ts', 'guidance-playground': 'www/elements/playground-instrument.ts' },
      preserveEntrySignatures: 'strict',
      output: {
        // Entries have the names of the manifest's exports; what they load is named by its content, so that caches keep it.
        // All modules lie in one folder: a bundle of them finds the assets beside itself, too.
        entryFileNames: '[name].js',
        chunkFileNames: 'chunk-[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  worker: { format: 'es' },
});
