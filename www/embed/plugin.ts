// Writes custom-elements.json beside the package's folder of modules.
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { manifest } from './manifest.js';

export function elementManifest(): Plugin {
  return {
    name: 'element-manifest',
    writeBundle({ dir }) {
      const module = `${basename(dir!)}/guidance-playground.js`;
      writeFileSync(join(dirname(dir!), 'custom-elements.json'), `${JSON.stringify(manifest(module), null, 2)}\n`);
    },
  };
}
