// The instrument in a frame: it tells the frame's page how high it is, and leads to the whole page with the same state.
import './elements/playground-instrument.js';
import { exposeInspection } from './inspect.js';

const playground = document.querySelector('guidance-playground')!;
exposeInspection(playground);

new ResizeObserver(() => {
  // To whatever page has framed it: a height is no secret.
  if (parent !== window) parent.postMessage({ type: 'guidance-playground-height', height: document.body.scrollHeight }, '*');
}).observe(document.body);

document.querySelector('a')!.addEventListener('click', ({ currentTarget }) => {
  (currentTarget as HTMLAnchorElement).href = playground.linkTo('./');
});
