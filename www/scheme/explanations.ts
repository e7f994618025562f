// What rows of the core's table do, in a sentence, and where they come from; apart from the table, which every embed loads.
import { catalogue, type Catalogue, type Described, type Preset } from './catalogue.js';
import table from './explanations.json' with { type: 'json' };

interface About {
  explanation: string;
  reference: string;
  formula?: string;
}

const rows = Object.entries(table).flatMap(([name, about]) =>
  (catalogue[name as keyof Catalogue] as Described[]).map((row): [Described, About] => [row, (about as Record<string, About>)[row.id]!]),
);
const all = new Map<Described | Preset, About>(rows);

/** Of a kind of guide, or of a variant of a scheme's part: a row of the catalogue itself. */
export function explanationOf(row: Described): string {
  return all.get(row)!.explanation;
}

export function formulaOf(row: Described): string {
  return row.formula ?? all.get(row)!.formula!;
}

/** Of these, and of a paper's setting. */
export function referenceOf(row: Described | Preset): string {
  return all.get(row)!.reference;
}
