// Schemes on the plane.
import { SchemeTable, type Catalogue } from '../scheme/table.js';
import catalogue from './catalogue.json';

export const planeSchemes = new SchemeTable(catalogue as unknown as Catalogue);
