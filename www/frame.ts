// An embed in a frame: it tells the frame's page how high it is.
import './embed/guidance-playground.js';
import { exposeInspection } from './inspect.js';

exposeInspection();

// What a post's author has chosen of the controls; anything else that the address asks for is the state's.
const figure = document.querySelector('guidance-playground')!;
const asked = new URL(location.href).searchParams;
if (asked.has('show')) figure.setAttribute('show', asked.get('show')!);
if (asked.has('hide')) figure.setAttribute('hide', asked.get('hide')!);

new ResizeObserver(() => {
  // To whatever page has framed it: a height is no secret.
  if (parent !== window) parent.postMessage({ type: 'guidance-playground-height', height: document.body.scrollHeight }, '*');
}).observe(document.body);
