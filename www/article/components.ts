// What the text does: it shows, and it explains its terms.
import type { GlossaryTerm } from '../components/page/glossary-term.js';
import '../components/page/glossary-term.js';
import '../components/page/show-me.js';

for (const term of document.querySelectorAll<GlossaryTerm>('gp-glossary-term[lab="images"]')) {
  term.own = async () => (await import('../images/terms.js')).terms;
}
