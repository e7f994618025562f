// Whatever is laid over the particles: fetched when it is first asked for.
import './branch-coverage.js';
import './cut-overlay.js';
import './field-overlay.js';
import './force-formula.js';
import './force-overlay.js';
import './line-cut.js';
import './lit-particles.js';
