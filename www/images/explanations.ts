// What rows of the pictures' table do, in a sentence, and where they come from; apart from the table, as on the plane.
import table from './explanations.json' with { type: 'json' };
import { pictureSchemes } from './schemes.js';

pictureSchemes.explain(table);
