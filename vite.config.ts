import { defineConfig, mergeConfig, type Plugin, type UserConfig } from 'vite';
import { article } from './www/article/plugin.js';
import { coreHandedOver, sameForBothBuilds } from './www/engine/plugin.js';
import { packedName, packedWeights } from './www/engine/weights-plugin.js';
import { elementStyles } from './www/styles/plugin.js';

/** What the page and the npm package have in common. */
export const both = (): UserConfig => ({
  // Relative addresses: they work under any sub-path of any static host, and in a bundle.
  base: './',
  plugins: [elementStyles(), sameForBothBuilds(), packedWeights()],
  build: {
    target: 'es2022',
    // light-dark() as it is: what the bundler would write in its place follows a style sheet's colour scheme only, not an element's.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // wasm and weights stay files, each fetched when it is needed.
    assetsInlineLimit: 0,
    sourcemap: true,
    rolldownOptions: {
      output: {
        assetFileNames: packedName,
        // What stands in every post; and what every embed needs, with the lab that it opens: each in one piece with what it imports,
        // since small ones compress badly, and with what others that are fetched later import of that.
        codeSplitting: {
          groups: [
            { name: 'element', test: /\/www\/embed\/guidance-playground\.|preload-helper/, priority: 2 },
            {
              name: 'instrument',
              test: /\/www\/(?:components\/playground-instrument|drawing\/colours|engine\/open-worker|text\/metrics|plane\/(?:lab|drawing\/(?:palette|point-look)))\./,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  // As static hosts do it: what is not there is missing, and not the page; and a frame with sandbox="allow-scripts", which has no
  // origin, reads everything as another's.
  appType: 'mpa',
  preview: { cors: true },
  // Each in one file.
  worker: {
    format: 'es',
    plugins: () => [coreHandedOver()],
    rolldownOptions: { output: { codeSplitting: false } },
  },
});

/** Posts name the built module: the development server has none. */
const moduleOfPosts: Plugin = {
  name: 'module-of-posts',
  configureServer: ({ middlewares }) => {
    middlewares.use((request, _response, next) => {
      if (request.url === '/guidance-playground.js') request.url = '/www/embed/guidance-playground.ts';
      next();
    });
  },
};

/** The text and the poster do not wait for scripts: styles are asked for first, and modules with what is left of the line. */
const paintFirst: Plugin = {
  name: 'paint-first',
  transformIndexHtml: {
    order: 'post',
    handler(page) {
      const styles = page.match(/^ *<link rel="stylesheet".*\n/gm)?.join('') ?? '';
      return page
        .replace(styles, '')
        .replace(/^ *<script/m, (script) => styles + script)
        .replace(/<(?=script type="module" crossorigin|link rel="modulepreload")(\w+)/g, '<$1 fetchpriority="low"');
    },
  },
};

export default defineConfig(
  mergeConfig(both(), {
    publicDir: 'www/public',
    plugins: [article(), moduleOfPosts, paintFirst],
    build: {
      // Every browser that can run the rest preloads modules.
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // Beside the pages the element as a module of its own, at an address that stays: posts name it.
        input: { index: 'index.html', frame: 'embed.html', post: 'post.html', 'guidance-playground': 'www/embed/guidance-playground.ts' },
        preserveEntrySignatures: 'exports-only',
        output: {
          entryFileNames: ({ name }: { name: string }) => (name === 'guidance-playground' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
      },
    },
  } satisfies UserConfig),
);
