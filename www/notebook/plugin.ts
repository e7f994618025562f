// Makes of the figure the one module that a notebook is handed.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Files that have another form here, by what stands for them in this folder. */
const others = ['engine/fetch-file', 'engine/open-worker', 'labs'];

/** Nobody serves files to a notebook: what fetches them, and what starts workers, is another's. */
export function ofNotebooks(): Plugin {
  return {
    name: 'of-notebooks',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (!importer || importer.includes('/www/notebook/')) return;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      const other = others.find((name) => found?.id.endsWith(`/www/${name}.ts`));
      return other && resolve('www/notebook', `${other.split('/').at(-1)}.ts`);
    },
  };
}

/** Packs module, workers, wasm and weights into one module, which the loader opens. */
export function packedInOne(name: string): Plugin {
  return {
    name: 'packed-in-one',
    enforce: 'post',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files: Record<string, string> = {};
        let module = '';
        for (const file of Object.values(bundle)) {
          if (file.fileName.endsWith('.md')) continue;
          const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          // Weights are packed by themselves.
          const packed = (file.fileName.endsWith('.weights') ? bytes : gzipSync(bytes, { level: 9 })).toString('base64');
          if (file.type === 'chunk') module = packed;
          else files[`/${file.fileName}`] = packed;
          delete bundle[file.fileName];
        }
        const source = `const packed = ${JSON.stringify({ module, files })};\n${readFileSync('www/notebook/loader.js', 'utf8')}`;
        this.emitFile({ type: 'asset', fileName: name, source });
      },
    },
  };
}
