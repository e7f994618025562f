import './embed/guidance-playground.js';
// The page is about nothing else: whatever the embed would fetch, it has with the page.
import './components/playground-instrument.js';
import './components/explorer.js';
import './plane/lab.js';
import './plane/explorer.js';
import './plane/engine/questions/question-queue.js';
import './plane/engine/gpu/backend.js';
import './components/page/theme-toggle.js';
import { exposeInspection } from './inspect.js';
import { switchLabs } from './lab-switch.js';
import { offerTour } from './tour.js';
import { lookElsewhere } from './engine/networks.js';
import { haveTrained } from './training/trained-flag.js';
import { countWays } from './ways.js';

const figure = document.querySelector('guidance-playground')!;
exposeInspection();
switchLabs(document.querySelector('[data-labs]')!);
offerTour(document.querySelectorAll('[data-tour]'));
countWays(figure, document.querySelectorAll('[data-ways]'));
// An address may name networks that were trained here.
if (haveTrained()) {
  lookElsewhere(
    import('./plane/training/trained.js').then(async ({ trainedBefore, fetchTrained }) => {
      await trainedBefore();
      return fetchTrained;
    }),
  );
}
// The text reads well without its elements, so the instrument goes first.
setTimeout(() => import('./article/components.js'));
