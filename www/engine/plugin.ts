// Makes each worker one file, which bundlers of other people can copy as it is.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

const glue = /\/pkg\/(gpu\/|images\/|images-gpu\/|training\/|training-gpu\/)?guidance_playground\.js$/;
const search = /module_or_path = new URL\([^;]+, import\.meta\.url\);/;

/**
 * In workers: the core's JavaScript without its own way to the wasm file, which would make that an asset of every worker.
 * Workers are handed the compiled core.
 */
export function coreHandedOver(): Plugin {
  return {
    name: 'core-handed-over',
    transform(code, id) {
      if (!glue.test(id)) return;
      if (!search.test(code)) throw new Error(`${id} looks for its wasm in a way that this plugin does not know.`);
      return { code: code.replace(search, "throw new Error('The core is to be handed over.');"), map: null };
    },
  };
}

/** Workers hold the JavaScript of one of the processor's two builds, of points, of pictures and of training: it has to be that of the other. */
export function sameForBothBuilds(): Plugin {
  return {
    name: 'same-for-both-builds',
    apply: 'build',
    configResolved({ root }) {
      for (const builds of [
        ['pkg', 'pkg/relaxed'],
        ['pkg/images', 'pkg/images-relaxed'],
        ['pkg/training', 'pkg/training-relaxed'],
      ]) {
        const [plain, relaxed] = builds.map((build) => readFileSync(resolve(root, build, 'guidance_playground.js'), 'utf8'));
        if (plain !== relaxed) throw new Error(`The JavaScript of ${builds.join(' and of ')} differs: build both anew.`);
      }
    },
  };
}
