// What the tour of the page shows, in order, for either lab.
import type { PlaygroundInstrument } from '../playground-instrument.js';

export interface TourStep {
  title: string;
  /** A sentence or two. */
  text: string;
  /** What it is about; nothing while that is not there. */
  target(instrument: PlaygroundInstrument): Element | null;
}

/** Through the shadow roots of all but the last. */
function within(root: ParentNode, ...path: string[]): Element | null {
  return path.reduce<Element | null>(
    (found, selector, depth) => (depth === 0 ? root : (found?.shadowRoot ?? found))?.querySelector(selector) ?? null,
    null,
  );
}

const inInstrument =
  (...path: string[]) =>
  ({ renderRoot }: PlaygroundInstrument) =>
    within(renderRoot as ParentNode, ...path);

/** Of the panel at a place, or of the last where there are fewer. */
const inPanel =
  (place: number, ...path: string[]) =>
  ({ renderRoot }: PlaygroundInstrument) => {
    const panels = [...renderRoot.querySelectorAll('gp-playground-panel')];
    const panel = panels[Math.min(place, panels.length) - 1];
    return panel ? within(panel.shadowRoot!, ...path) : null;
  };

const inPage = (selector: string) => () => document.querySelector(selector);

const run: TourStep = {
  title: 'Let it run',
  text: 'Press play to watch the noise leave, from σ at its greatest to none. Drag along the strip to go to any moment.',
  target: inInstrument('gp-playground-transport'),
};

const weight: TourStep = {
  title: 'How strongly',
  text: 'Drag w: 1 is no guidance, and the more, the stronger. What the panel shows follows while you drag.',
  target: inPanel(2, 'gp-scheme-picker', '.parameters'),
};

const results: TourStep = {
  title: 'What is won, and what is lost',
  text: 'Each number stands beside what a perfect sampler would have, with its error. The signs > and < mean more than chance; ≈ means chance alone.',
  target: inPanel(2, 'gp-panel-results'),
};

const words: TourStep = {
  title: 'In a few words',
  text: 'How a panel differs from the first, as far as that is certain. Open it for the numbers, or to compare with another panel.',
  target: inPanel(2, 'gp-paired-differences'),
};

const schemes: TourStep = {
  title: 'Every scheme',
  text: 'Each panel’s title is a menu: kinds of guide, and schemes as their papers have them. Under “More” everything about one can be changed.',
  target: inPanel(3, 'gp-scheme-picker', '.title'),
};

const strip: TourStep = {
  title: 'The weight over time',
  text: 'Guidance need not be the same at all noise levels. Draw across the strip to set when it is strong, or choose a schedule above it.',
  target: inInstrument('gp-playground-transport', 'gp-guidance-strip'),
};

const planeSteps: readonly TourStep[] = [
  {
    title: 'One noise, three ways',
    text: 'Every panel begins with the same particles of noise and takes them to data by another scheme. The orange tree is class A, where all of them should end.',
    target: inInstrument('.panels'),
  },
  run,
  weight,
  results,
  words,
  {
    title: 'Follow one particle',
    text: 'Point at a particle: the same noise lights in every panel, with its path, and the forces on it as arrows. Press to keep it lit.',
    target: inPanel(1, '.picture'),
  },
  strip,
  schemes,
  {
    title: 'And in pictures',
    text: 'The same rules act on pictures from a prompt, whose truth is known as well. The text below says why guidance does what you have seen.',
    target: inPage('[data-labs]'),
  },
];

const imagesSteps: readonly TourStep[] = [
  {
    title: 'One noise, three ways',
    text: 'Every panel draws the same pictures of noise by another scheme. The row below the panels is what a perfect sampler would draw.',
    target: inInstrument('.panels'),
  },
  {
    title: 'Say what to draw',
    text: 'A subject, a style, a background: the field completes what it knows, and marks what it does not.',
    target: inInstrument('gp-prompt-field'),
  },
  run,
  weight,
  results,
  words,
  {
    title: 'Follow one picture',
    text: 'Point at a picture: the same noise lights in every panel, beside the nearest true picture and what was read in it.',
    target: inPanel(1, '.picture'),
  },
  strip,
  schemes,
];

export function stepsOf({ lab }: PlaygroundInstrument): readonly TourStep[] {
  return lab.id === 'images' ? imagesSteps : planeSteps;
}
