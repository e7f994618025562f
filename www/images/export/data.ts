// Metrics, readings and pictures of the panels as files.
import type { ImagesPicture, ImagesReading } from '../../../pkg/images/guidance_playground.js';
import { untilComplete, yieldToPage } from '../../export/export-source.js';
import { recordOf } from '../../export/record.js';
import { beginOfCsv, resultsOf } from '../../export/writer.js';
import type { Patience } from '../../lab/request.js';
import { toCsv, type Row } from '../../study/export.js';
import type { ImagesResult, World } from '../engine/backend.js';
import { imagesMetrics } from '../metrics.js';
import { side } from '../picture/grid.js';
import { npyOf, Zip } from './npz.js';
import { dataOf, stepOf } from './seen.js';
import type { ImagesSource } from './source.js';

/** A row for each panel that has come to its end. */
export async function writeMetrics(source: ImagesSource, { signal }: Patience = {}): Promise<Blob> {
  await untilComplete(source, signal);
  const rows = source.panels.flatMap(({ run, title }, index): Row[] => {
    if (!run?.metrics) return [];
    const { config, metrics, evaluations, milliseconds, backend } = run;
    return [{ panel: index + 1, title, ...imagesMetrics.columns({ config, metrics, evaluations, milliseconds, engine: backend.kind }) }];
  });
  return new Blob([beginOfCsv(source, 'metrics'), toCsv(rows)], { type: 'text/csv' });
}

/** What is seen in a picture, in words; null in one that is lost. */
type Told = (Pick<ImagesPicture, 'subject' | 'style' | 'background'> & ImagesReading) | null;

/** Of each panel, what is seen in its pictures where they end; null of one that is not at its end. */
async function tell({ engine, panels }: ImagesSource, signal?: AbortSignal): Promise<(Told[] | null)[]> {
  const readings = panels.map(({ run }) => run?.metrics?.readings ?? null);
  const places = [...new Set(readings.flatMap((of) => of ?? []).flatMap((reading) => reading?.picture ?? []))];
  const found = await engine.ask({ type: 'pictures', places }, signal);
  const words = new Map(found.places.map((place, index) => [place, found.pictures[index]!]));
  return readings.map(
    (of) =>
      of?.map((reading) => {
        if (!reading) return null;
        const { subject, style, background } = words.get(reading.picture)!;
        return { subject, style, background, ...reading };
      }) ?? null,
  );
}

/** A row for each picture of the panels that have come to their end; empty of what is lost. */
export async function writeReadings(source: ImagesSource, { signal }: Patience = {}): Promise<Blob> {
  await untilComplete(source, signal);
  const told = await tell(source, signal);
  const rows = told.flatMap((of, panel) => (of ?? []).map((reading, picture) => ({ panel: panel + 1, picture, ...columnsOf(reading) })));
  return new Blob([beginOfCsv(source, 'what is seen in each picture'), toCsv(rows)], { type: 'text/csv' });
}

function columnsOf(reading: Told): Row {
  return {
    subject: reading?.subject,
    style: reading?.style,
    background: reading?.background,
    nearest: reading?.picture,
    distance: reading?.distance,
    chromaExcess: reading?.chromaExcess,
    totalVariationExcess: reading?.totalVariationExcess,
    outside: reading?.outside,
    logDensity: reading?.logDensity,
  };
}

/** Everything that is set, the metrics, and what is seen in each picture. */
export async function writeJson(source: ImagesSource, { signal }: Patience = {}): Promise<Blob> {
  await untilComplete(source, signal);
  const told = await tell(source, signal);
  const results = resultsOf(source);
  const panels = results.panels.map((panel, index) => {
    const metrics = panel.metrics as ImagesResult | null;
    return { ...panel, metrics: metrics && { ...metrics, readings: told[index] } };
  });
  return new Blob([JSON.stringify({ ...results, panels }, null, 2), '\n'], { type: 'application/json' });
}

/** What stands beside the arrays. */
const legend = 'panelN.npy: pictures, rows from the top, columns, red green blue; black is 0 and white 1';

/** Pictures as they are shown: an array for each panel that has some, and what they were made with. */
export async function writePictures(source: ImagesSource, { signal, progress }: Patience = {}): Promise<Blob> {
  // A panel whose next run takes its place meanwhile would lose what is read.
  await untilComplete(source, signal);
  const { engine, panels } = source;
  const zip = new Zip();
  zip.add('about.json', new TextEncoder().encode(JSON.stringify({ ...recordOf(source), arrays: legend })));
  for (const [index, panel] of panels.entries()) {
    const { run } = panel;
    if (!run?.started) continue;
    const { pictures } = run.config;
    const data = await dataOf(source, run, stepOf(panel), { first: 0, count: pictures }, signal);
    if (data) zip.add(`panel${index + 1}.npy`, npyOf(coloursOf(engine.world!, data), [pictures, side, side, 3]));
    progress?.((index + 1) / panels.length);
    await yieldToPage(signal);
  }
  return zip.end('application/zip');
}

/** From 0 to 1 where a screen can show them. */
function coloursOf({ scale, mean }: World, data: Float32Array): Float32Array {
  return data.map((number, at) => scale * number + mean[at % 3]!);
}
