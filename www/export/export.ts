// What an instrument shows, as the content of a file.
import { AdvisedError } from '../engine/failure.js';
import type { ExportSource, Lab } from '../lab/lab.js';
import { untilSettled } from './export-source.js';
import { drawPng, drawSvg } from './picture.js';
import {
  filmFormats,
  pictureFormats,
  type DataType,
  type ImageOptions,
  type ImageType,
  type Patience,
  type PictureFormat,
} from '../lab/request.js';

interface Form {
  words: string;
  fits: (value: unknown) => boolean;
}

/** What an option has to be. */
const formsOf = (scale: number): Record<keyof ImageOptions, Form> => ({
  signal: { words: 'an AbortSignal', fits: (value) => value instanceof AbortSignal },
  progress: { words: 'a function', fits: (value) => typeof value === 'function' },
  scale: { words: `a number from 1 to ${scale}`, fits: (value) => typeof value === 'number' && value >= 1 && value <= scale },
  transparent: { words: 'true or false', fits: (value) => typeof value === 'boolean' },
  captions: { words: 'true or false', fits: (value) => typeof value === 'boolean' },
  legend: { words: 'true or false', fits: (value) => typeof value === 'boolean' },
});
const patience = ['signal', 'progress'] as const;

/** Refuses a type or an option that there is not, with an AdvisedError. */
export function checkImage({ scales }: Lab, type: unknown, options: unknown): void {
  checkType(type, [...pictureFormats, ...filmFormats], 'picture');
  const forms = formsOf(scales.at(-1)!);
  checkOptions(options, forms, isPicture(type as ImageType) ? (Object.keys(forms) as (keyof ImageOptions)[]) : patience, `a ${type}`);
}

/** Refuses a type of data file or an option of it that there is not, with an AdvisedError. */
export async function checkData(lab: Lab, type: unknown, options: unknown): Promise<void> {
  const { files } = await lab.exports();
  checkType(type, files.map((file) => file.type).sort(), 'data file');
  checkOptions(options, formsOf(lab.scales.at(-1)!), patience, `a file ${type}`);
}

function checkType(type: unknown, known: readonly string[], what: string): void {
  if (known.includes(type as string)) return;
  throw new AdvisedError('invalid', `There is no ${what} of the type “${String(type)}”.`, `The types are ${known.join(', ')}.`);
}

function checkOptions(given: unknown, forms: ReturnType<typeof formsOf>, known: readonly (keyof ImageOptions)[], what: string): void {
  const advice = `The options of ${what} are ${known.join(', ')}.`;
  const refuse = (message: string) => new AdvisedError('invalid', message, advice);
  if (typeof given !== 'object' || given === null) throw refuse('The options have to be an object.');
  for (const [name, value] of Object.entries(given)) {
    const option = known.find((option) => option === name);
    if (!option) throw refuse(`There is no option “${name}”.`);
    if (value !== undefined && !forms[option].fits(value)) throw refuse(`The option “${name}” has to be ${forms[option].words}.`);
  }
}

/** A picture of this moment, or a film from noise to data; rejects with an AdvisedError, or with the signal's reason. */
export async function exportImage(source: ExportSource, type: ImageType, options: ImageOptions = {}): Promise<Blob> {
  if (!isPicture(type)) {
    const { makeFilm } = await source.lab.exports();
    return makeFilm(source, type, options);
  }
  await untilSettled(source, options.signal);
  return type === 'png' ? drawPng(source, options) : drawSvg(source, options);
}

/** Data of what is shown, or everything with the metrics; rejects in the same way. */
export async function exportData(source: ExportSource, type: DataType, patience: Patience = {}): Promise<Blob> {
  const { writeData } = await source.lab.exports();
  return writeData(source, type, patience);
}

export function isImage(type: ImageType | DataType): type is ImageType {
  return isPicture(type as ImageType) || (filmFormats as readonly string[]).includes(type);
}

function isPicture(type: ImageType): type is PictureFormat {
  return (pictureFormats as readonly string[]).includes(type);
}
