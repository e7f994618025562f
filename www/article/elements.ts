// What the text does: it shows, and it explains its terms.
import '../elements/glossary-term.js';
import '../elements/show-me.js';
