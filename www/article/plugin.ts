// Puts the poster and the article into the page: the first view needs no script.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { credits, imagesReport, planeReport, Report } from './report.js';
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
          .replace('<!-- article -->', () =>
            typeset(
              read('www/article/article.html').replace('<!-- images -->', () => read('www/article/images.html')),
              {
                plane: new Report(read('docs/report.md'), planeReport),
                images: new Report(read('docs/images-report.md'), imagesReport),
              },
            ),
          )
          .replaceAll('<!-- credits -->', credits),
    },
  };
}
