// What every exported file has inside: which program wrote it, and all that was set. A file with it brings that back.
import { AdvisedError } from '../engine/failure.js';
import type { Configuration } from '../engine/backend.js';
import { askedBy, readOpening, writeState } from '../state/address.js';
import type { LabBasis, LabKinds } from '../state/lab.js';
import type { State } from '../state/state.js';
import { origin } from '../study/export.js';
import type { ExportSource } from '../lab/lab.js';

/** Of the files, not of the program: another number is not read. */
const format = 1;

export interface ExportRecord {
  program: string;
  version: string;
  format: number;
  /** As in an address: it alone is read. What follows says the same at length. */
  state: string;
  sampling: State['sampling'];
  playback: State['playback'];
  look: State['look'];
  linked: number[];
  /** Whose works are in what it is written into; left out where they are nobody's. */
  credits?: string;
  panels: { title: string; choice: string; config: Configuration }[];
}

export function recordOf({ lab, state, panels }: ExportSource): ExportRecord {
  const { sampling, playback, look, linked } = state;
  return {
    ...origin,
    format,
    state: writeState(lab, state),
    sampling,
    playback,
    look,
    linked,
    ...(lab.credits && { credits: lab.credits }),
    panels: panels.map(({ title, panel, run }) => ({
      title,
      choice: panel.choice,
      config: run?.config ?? lab.runConfig(panel, sampling),
    })),
  };
}

/** What of a file says what it is. */
export interface Head {
  program?: unknown;
  format?: unknown;
  state?: unknown;
  /** It holds rows of a table. */
  rows: boolean;
  /** No program of ours wrote it, but it may hold data to be sampled. */
  data?: boolean;
}

/** Characters of a CSV file within which its first lines end. */
export const headOfCsv = 200_000;

/** What the beginning of a CSV file says of it: particles and trajectories in lines of `#`, a table in its columns. */
export function readCsv(text: string): Head {
  const [, program, state] = /^# (\S+) \S+: [^\n]*\n# state: ([^\r\n]*)/.exec(text) ?? [];
  if (program) return { program, format, state: state === openingInWords ? '' : state, rows: false };
  const columns = text.split(/\r?\n/, 1)[0]!.split(',');
  const isTable = ['scheme', 'program', 'version'].every((column) => columns.includes(column));
  return { program: isTable ? origin.program : undefined, rows: isTable, data: !isTable };
}

/** How a record begins as text. */
export const beginOfRecord = `{"program":"${origin.program}",`;

/** What the beginning of a record in a picture says of it. */
export function readBegin(record: string | null): Head {
  const [, version, state] = /^\{"program":"[^"]*","version":"[^"]*","format":(\d+),"state":("(?:[^"\\]|\\.)*")/.exec(record ?? '') ?? [];
  if (!record || !version || !state) return { program: record ? origin.program : undefined, rows: false };
  return { program: origin.program, format: Number(version), state: JSON.parse(state), rows: false };
}

/** In place of an empty text, where people read it. */
export const openingInWords = 'as the page opens';

const advice = 'Nothing was changed. Drop a file that “Export” has written.';

/** The state of a lab that a file brings back; throws an AdvisedError where it brings none. */
export function readRecord<Of extends LabKinds>(lab: LabBasis<Of>, { program, format: written, state, rows }: Head): State<Of> {
  const refuse = (message: string) => new AdvisedError('not-an-export', message, advice);
  if (program !== origin.program) throw refuse('This file was not written by the Guidance Playground.');
  if (rows) throw refuse('This file is a table of trials or sweeps, which has no settings of the panels to bring back.');
  if (written !== format) throw refuse('This file was written by another version of the Guidance Playground.');
  if (typeof state !== 'string') throw refuse('This file does not say what was set.');
  // The opening view is an empty text.
  if (state !== '' && !state.startsWith('v=')) throw refuse('This file does not say what was set.');
  const { state: read, objection } = readOpening(lab, askedBy(state), false, 'The file', true);
  if (objection) throw refuse(objection);
  return read;
}
