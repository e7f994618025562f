// The report's numbers and verdicts, read from docs/report.md when the page is built: the article states no others.
import units from './columns.json' with { type: 'json' };

export type Part = 'networks' | 'exact';

const headings: Record<Part, string> = { networks: '## With networks', exact: '## With exact scores' };
const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

export interface Claim {
  text: string;
  networks: string;
  exact: string;
}

export class Report {
  readonly #lines: string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /** As the report writes it, “value ± error”. */
  value(part: Part, scheme: string, column: string): string {
    const heading = this.#lines.indexOf(headings[part]);
    const table = this.#lines.slice(this.#lines.findIndex((line, index) => index > heading && line.startsWith('|')));
    const at = cellsOf(table[0]!).indexOf(column);
    const row = table.slice(0, table.indexOf('')).find((line) => cellsOf(line)[0] === scheme);
    const cell = row && cellsOf(row)[at];
    if (heading < 0 || at < 1 || !cell) throw new Error(`The report has no “${column}” of “${scheme}” (${part}).`);
    return cell;
  }

  claims(): Claim[] {
    const claims = this.#lines.filter((line) => /^\| \d+\. /.test(line)).map(cellsOf);
    if (claims.length === 0) throw new Error('The report has no claims.');
    return claims.map(([text, networks, exact]) => ({ text: text!.replace(/^\d+\. /, ''), networks: networks!, exact: exact! }));
  }

  /** “16384 particles, 5 seeds”: what every number rests on. */
  get basis(): { particles: number; seeds: number } {
    const found = /(\d+) particles, (\d+) seeds/.exec(this.#lines.join('\n'));
    if (!found) throw new Error('The report does not say how many particles and seeds it has.');
    return { particles: Number(found[1]), seeds: Number(found[2]) };
  }
}

/** A number for running text, with the digits that it is worth without its standard error; with it, and all digits, for tables. */
export function writeValue(cell: string, column: string, withError: boolean): string {
  const [value = NaN, error = NaN] = cell.split(' ± ').map(Number);
  const given = /\.(\d+)/.exec(cell)?.[1]?.length ?? 0;
  // Beside papers, which write total variation as a number from 0 to 1, and to two digits.
  const isVariation = column === 'branch TV';
  const isShare = (units as Record<string, string>)[column] === 'share' && !isVariation;
  const factor = isShare ? 100 : 1;
  const places = (withError ? given : given - (isVariation ? 2 : 1)) - (isShare ? 2 : 0);
  const write = (number: number) => (factor * number).toFixed(places).replace('-', '−');
  const unit = isShare ? '%' : '';
  return withError ? `${write(value)}${unit} ± ${write(error)}` : `${write(value)}${unit}`;
}
