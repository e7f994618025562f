// What becomes of the styles in elements when they are built.
//
// Lengths: a page that takes an instrument in may have any font size at its root, and many have 10 pixels. What the
// instrument's styles call rem is the reader's own size (`--rem`, set by the instrument), and the root's only on this project's
// pages. Comments and indentation, which a bundler leaves in texts, go.
import type { Plugin } from 'vite';

const styles =
  /\/www\/(?:components|controls|plane\/(?:overlays|picture|pointing)|images\/(?:picture|prompt)|styles)\/[^?]+\.(?:ts|css)(?:\?|$)/;
const length = /(?<![\w.-])(-?\d*\.?\d+)rem\b/g;
/** That stand on lines of their own. */
const comment = /^[ \t]*\/\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\n/gm;

export function elementStyles(): Plugin {
  return {
    name: 'element-styles',
    enforce: 'pre',
    transform(code, id) {
      if (!styles.test(id)) return null;
      const lines = code.replace(comment, '').split('\n');
      // Queries take no variables: rem is the reader's in media queries, and not used in those of containers.
      const own = lines.map((line) => (/@media|@container/.test(line) ? line : line.replace(length, 'calc($1 * var(--rem, 1rem))')));
      return { code: own.map((line) => line.trimStart()).join('\n'), map: null };
    },
  };
}
