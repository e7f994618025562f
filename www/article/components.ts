// What the text does: it shows, and it explains its terms.
import '../components/page/glossary-term.js';
import '../components/page/show-me.js';
