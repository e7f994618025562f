// Terms that mean something only of pictures, or something else.
import type { Term } from '../text/glossary.js';
import { capitalised } from '../text/format.js';
import explanations from './explanations.json' with { type: 'json' };
import { pictureMetrics } from './schemes.js';

const meanings: Readonly<Record<string, { explanation: string }>> = explanations.metrics;

export const terms: Readonly<Record<string, Term>> = Object.fromEntries(
  pictureMetrics.map(({ id, label, absent }) => [id, { title: capitalised(label), text: `${meanings[id]!.explanation} “–”: ${absent}` }]),
);
