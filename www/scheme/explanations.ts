// What rows of the core's table do, in a sentence; apart from the table, which every embed loads.
import { catalogue, type Catalogue, type Described } from './catalogue.js';
import table from './explanations.json' with { type: 'json' };

const rows = Object.entries(table).flatMap(([name, texts]) =>
  (catalogue[name as keyof Catalogue] as Described[]).map((row): [Described, string] => [row, (texts as Record<string, string>)[row.id]!]),
);
const explanations = new Map(rows);

/** Of a kind of guide, or of a variant of a scheme's part: a row of the catalogue itself. */
export function explanationOf(row: Described): string {
  return explanations.get(row)!;
}
