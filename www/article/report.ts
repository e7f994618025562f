// The reports' numbers and verdicts, read from docs/report.md and docs/images-report.md when the page is built: the article states
// no others.
import catalogue from '../images/catalogue.json' with { type: 'json' };
import units from './columns.json' with { type: 'json' };

/** How a report is read. */
export interface Reading {
  /** What each part's table comes after: beginnings of lines, one below the other. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** What the numbers of its columns are counted in. */
  readonly units: Readonly<Record<string, string>>;
  /** Of the digits that stand beside standard errors, how many running text leaves out, by the column. */
  readonly spared: (column: string) => number;
}

// Beside papers, which write total variation as a number from 0 to 1, and to two digits.
const { 'branch TV': _, ...planeUnits } = units;

export const planeReport: Reading = {
  parts: { networks: ['## With networks'], exact: ['## With exact scores'] },
  units: planeUnits,
  spared: (column) => (column === 'branch TV' ? 2 : 1),
};

export const imagesReport: Reading = {
  parts: {
    networks: ['## Concepts', '### With networks'],
    exact: ['## Concepts', '### With exact scores'],
    unseen: ['## Riders and mounts', 'With networks, never seen'],
    outliers: ['## Claims', '### 13. What the plane says of outliers'],
    diversity: ['## Claims', '### 14. What the plane says of diversity'],
    plane: ['## The plane beside', 'With networks:'],
  },
  units: { ...planeUnits, ...Object.fromEntries(catalogue.metrics.map(({ label, unit }) => [label, unit])) },
  spared: () => 0,
};

/** What the second half of each report begins with, and how it is read: every rule, in tables of the same form. */
const SINCE = '# Since the proposal';
const sinceParts = {
  networks: ['## Every rule, with networks'],
  exact: ['## Every rule, with exact scores'],
  gaussian: ['## One Gaussian'],
};

/** Whose drawings pictures are made of. */
export const { credits } = catalogue.vocabulary;

export interface Claim {
  text: string;
  networks: string;
  exact: string;
}

/** One of the report's grids of pictures. */
export interface Grid {
  alt: string;
  /** What stands beside its rows, from above. */
  rows: string[];
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

export class Report {
  readonly #lines: string[];
  readonly #reading: Reading;
  readonly #since: Report | undefined;

  constructor(text: string, reading: Reading) {
    const lines = text.split('\n');
    const at = lines.indexOf(SINCE);
    this.#lines = at < 0 ? lines : lines.slice(0, at);
    this.#reading = reading;
    if (at >= 0) this.#since = new Report(lines.slice(at + 1).join('\n'), { ...reading, parts: sinceParts });
  }

  /** What the field has made since. */
  get since(): Report {
    if (!this.#since) throw new Error(`The report has no “${SINCE}”.`);
    return this.#since;
  }

  /** A number as the article writes it: that of “row: column”, with “ ±” for its standard error. */
  number(part: string, asked: string): string {
    const withError = asked.endsWith(' ±');
    const name = withError ? asked.slice(0, -2) : asked;
    const [head = [], ...rows] = this.#table(part);
    const column = head.find((each) => each && name.endsWith(`: ${each}`)) ?? '';
    const row = rows.find(([first]) => name === `${first}: ${column}`);
    const cell = row?.[head.indexOf(column)];
    if (!cell) throw new Error(`The report has no “${name}” (${part}).`);
    const { units, spared } = this.#reading;
    return writeValue(cell, units[column] === 'share', withError, withError ? 0 : spared(column));
  }

  #table(part: string): string[][] {
    const places = Object.hasOwn(this.#reading.parts, part) ? this.#reading.parts[part]! : [];
    if (places.length === 0) throw new Error(`The report has no part “${part}”.`);
    let at = 0;
    for (const place of places) {
      at = this.#lines.findIndex((line, index) => index >= at && line.startsWith(place));
      if (at < 0) throw new Error(`The report has no “${place}”.`);
    }
    const lines = this.#lines.slice(at);
    const table = lines.slice(lines.findIndex((line) => line.startsWith('|')));
    const end = table.findIndex((line) => !line.startsWith('|'));
    return table.slice(0, end < 0 ? undefined : end).map(cellsOf);
  }

  claims(): Claim[] {
    const claims = this.#lines.filter((line) => /^\| \d+\. /.test(line)).map(cellsOf);
    if (claims.length === 0) throw new Error('The report has no claims.');
    return claims.map(([text, networks, exact]) => ({ text: text!.replace(/^\d+\. /, ''), networks: networks!, exact: exact! }));
  }

  /** Throws unless “claim: verdict with networks, verdict with exact scores” is what the report says: the text rests on it. */
  confirm(asked: string): void {
    const found = this.claims().map(({ text, networks, exact }) => `${text}: ${networks}, ${exact}`);
    if (!found.includes(asked)) throw new Error(`The report does not say “${asked}”. It says:\n${found.join('\n')}`);
  }

  /** How many of something every number rests on: “16384 particles”. */
  count(what: string): string {
    const found = new RegExp(`(\\d+) ${what}\\b`).exec(this.#lines.join('\n'));
    if (!found) throw new Error(`The report does not say how many ${what} it has.`);
    return Number(found[1]).toLocaleString('en');
  }

  /** Its picture of this file. */
  picture(file: string): Picture {
    const line = this.#lines.find((each) => each.startsWith(`<img src="${file}"`));
    const [, alt, width, height] = /alt="([^"]+)" width="(\d+)" height="(\d+)"/.exec(line ?? '') ?? [];
    if (!alt) throw new Error(`The report has no picture “${file}”.`);
    return { file, alt, width: Number(width), height: Number(height) };
  }

  grid(name: string): Grid {
    const at = this.#lines.findIndex((line) => line.includes(`/${name}.png"`));
    const alt = /alt="([^"]+)"/.exec(this.#lines[at] ?? '')?.[1];
    const rows = / Rows from above: (.+)\.$/.exec(this.#lines[at + 2] ?? '')?.[1];
    if (!alt || !rows) throw new Error(`The report has no pictures “${name}”.`);
    return { alt, rows: rows.split('; ') };
  }
}

/** A picture that the report shows, of whatever it is. */
export interface Picture {
  file: string;
  alt: string;
  width: number;
  height: number;
}

/**
 * “value ± error”, a value, or “value (least to greatest): verdict”, as a reader reads it; without its error with so many
 * digits less.
 */
export function writeValue(cell: string, isShare: boolean, withError: boolean, spared: number): string {
  const [, value, rest = ''] = /^([-+]?[\d.]+)(.*)$/.exec(cell) ?? [];
  if (value === undefined) throw new Error(`The report has no number where it says “${cell}”.`);
  const error = / ± ([\d.]+)$/.exec(rest)?.[1];
  const range = / \(([-+][\d.]+) to ([-+][\d.]+)\)/.exec(rest)?.slice(1);
  const write = (number: string) => {
    const given = /\.(\d+)/.exec(number)?.[1]?.length ?? 0;
    const places = Math.max(given - spared - (isShare ? 2 : 0), 0);
    return ((isShare ? 100 : 1) * Number(number)).toFixed(places).replace('-', '−');
  };
  const unit = isShare ? '%' : '';
  if (range) return `${write(value)} (${range.map(write).join(' to ')})`;
  return `${write(value)}${unit}${withError && error ? ` ± ${write(error)}` : ''}`;
}
