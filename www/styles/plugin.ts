// A page that takes an instrument in may have any font size at its root, and many have 10 pixels: what the instrument's
// styles call rem is the reader's own size (`--rem`, set by the instrument), and the root's only on this project's pages.
import type { Plugin } from 'vite';

const styles = /\/www\/(?:elements|styles)\/[^?]+\.(?:ts|css)(?:\?|$)/;
const length = /(?<![\w.-])(\d*\.?\d+)rem\b/g;

export function ownRem(): Plugin {
  return {
    name: 'own-rem',
    enforce: 'pre',
    transform(code, id) {
      if (!styles.test(id) || !code.includes('rem')) return null;
      // Queries take no variables: rem is the reader's in media queries, and not used in those of containers.
      const lines = code.split('\n').map((line) => (/@media|@container/.test(line) ? line : line.replace(length, 'calc($1 * var(--rem, 1rem))')));
      return { code: lines.join('\n'), map: null };
    },
  };
}
