// What the text does: it shows, and it explains its terms.
import '../elements/page/glossary-term.js';
import '../elements/page/show-me.js';
