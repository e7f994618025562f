// What rows of the plane's table do, in a sentence, and where they come from; apart from the table, which every embed loads.
import table from './explanations.json' with { type: 'json' };
import { planeSchemes } from './schemes.js';

planeSchemes.explain(table);
