// An embed in a frame: it tells the frame's page how high it is.
import './embed/guidance-playground.js';
import { exposeInspection } from './inspect.js';

exposeInspection();

// What a post's author has chosen of the controls; anything else that the address asks for is the state's.
const figure = document.querySelector('guidance-playground')!;
const asked = new URL(location.href).searchParams;
for (const name of ['show', 'hide', 'networks']) if (asked.has(name)) figure.setAttribute(name, asked.get(name)!);

new ResizeObserver(() => {
  // To whatever page has framed it: a height is no secret.
  if (parent !== window) parent.postMessage({ type: 'guidance-playground-height', height: document.body.scrollHeight }, '*');
}).observe(document.body);
