// Schemes on the plane.
import { SchemeTable, type Catalogue } from '../scheme/table.js';
import catalogue from './catalogue.json';

/** What can be sampled. */
export const { distributions } = catalogue;

export const planeSchemes = new SchemeTable(catalogue as unknown as Catalogue);
