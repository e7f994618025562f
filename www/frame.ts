// An embed in a frame: it tells the frame's page how high it is.
import './embed/guidance-playground.js';
import { exposeInspection } from './inspect.js';

exposeInspection();

new ResizeObserver(() => {
  // To whatever page has framed it: a height is no secret.
  if (parent !== window) parent.postMessage({ type: 'guidance-playground-height', height: document.body.scrollHeight }, '*');
}).observe(document.body);
