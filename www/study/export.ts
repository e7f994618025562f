// Results as files.
import { version } from '../../package.json';

export type Row = Record<string, unknown>;

/** Which program wrote a file. */
export const origin = { program: 'guidance-playground', version };

/** RFC 4180: what is no number or text is written as JSON. The first row has all columns. */
export function toCsv(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => field(row[column])));
  return [columns.map(field), ...lines].map((fields) => `${fields.join(',')}\r\n`).join('');
}

function field(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Saves rows as `name.csv` or `name.json`; each row of CSV says which program wrote it. */
export function saveRows(name: string, format: 'csv' | 'json', rows: readonly Row[]): void {
  if (format === 'csv') {
    const { program, version } = origin;
    save(`${name}.csv`, 'text/csv', toCsv(rows.map((row) => ({ ...row, program, version }))));
  } else {
    save(`${name}.json`, 'application/json', `${JSON.stringify({ ...origin, rows }, null, 2)}\n`);
  }
}

function save(name: string, type: string, text: string): void {
  saveFile(name, new Blob([text], { type }));
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // Not at once: the browser has yet to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
