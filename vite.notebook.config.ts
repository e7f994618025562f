import { defineConfig, mergeConfig, type UserConfig } from 'vite';
import { both } from './vite.config.js';
import { coreHandedOver } from './www/engine/plugin.js';
import { ofNotebooks, packedInOne } from './www/notebook/plugin.js';

/** The figure as the Python package has it for notebooks: one module with all that it needs (www/notebook/loader.js says why). */
export default defineConfig(
  mergeConfig(both(), {
    // Addresses are names of what is packed.
    base: '/',
    publicDir: false,
    plugins: [ofNotebooks(), coreHandedOver(), packedInOne('widget.js')],
    build: {
      outDir: 'python/guidance_playground/static',
      emptyOutDir: true,
      modulePreload: false,
      sourcemap: false,
      license: { fileName: 'licences.md' },
      rolldownOptions: {
        input: 'www/notebook/figure.ts',
        preserveEntrySignatures: 'strict',
        output: { codeSplitting: false },
      },
    },
    worker: { format: 'iife' },
  } satisfies UserConfig),
);
