import './elements/playground-instrument.js';
import './elements/page/theme-toggle.js';
import { exposeInspection } from './inspect.js';

exposeInspection(document.querySelector('guidance-playground')!);
// The text reads well without its elements, so the instrument goes first.
setTimeout(() => import('./article/elements.js'));
