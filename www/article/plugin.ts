// Puts the poster and the article into the page: the first view needs no script.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { credits, imagesReport, planeReport, Report } from './report.js';
import { typeset } from './typeset.js';

const reports = ['docs/report.md', 'docs/images-report.md'] as const;

export function article(): Plugin {
  let root = '.';
  const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
  return {
    name: 'article',
    configResolved(config) {
      root = config.root;
    },
    // At the addresses that they have in the repository. Hosts do not say how text is encoded, so a mark does.
    generateBundle() {
      for (const report of reports) this.emitFile({ type: 'asset', fileName: report, source: `\ufeff${read(report)}` });
    },
    transformIndexHtml: {
      order: 'pre',
      handler: (page) =>
        page
          .replace('<!-- poster -->', () => read('www/poster.html'))
          .replace('<!-- article -->', () =>
            typeset(
              read('www/article/article.html').replaceAll(/<!-- (images|since) -->/g, (_, name: string) =>
                read(`www/article/${name}.html`),
              ),
              {
                plane: new Report(read(reports[0]), planeReport),
                images: new Report(read(reports[1]), imagesReport),
              },
            ),
          )
          .replaceAll('<!-- credits -->', credits),
    },
  };
}
