// Puts the poster and the article into the page, and the page's few styles into its head: the first view needs one answer
// of the server, and no script.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { Report } from './report.js';
import { typeset } from './typeset.js';

export function article(): Plugin {
  let root = '.';
  const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
  return {
    name: 'article',
    configResolved(config) {
      root = config.root;
    },
    transformIndexHtml: {
      order: 'pre',
      handler: (page) =>
        page
          .replace('<!-- poster -->', () => read('www/poster.html'))
          .replace('<!-- article -->', () => typeset(read('www/article/article.html'), new Report(read('docs/report.md')))),
    },
  };
}

export function stylesInside(): Plugin {
  return {
    name: 'styles-inside',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler: (page, { bundle = {} }) =>
        page.replaceAll(/<link rel="stylesheet"[^>]*href="\.\/([^"]+)"[^>]*>/g, (_, name: string) => {
          const asset = bundle[name];
          if (asset?.type !== 'asset') throw new Error(`The build has no stylesheet ${name}.`);
          return `<style>${String(asset.source).trim()}</style>`;
        }),
    },
  };
}
