import './element/guidance-playground.js';
// The page is about nothing else: whatever the figure would fetch, it has with the page.
import './elements/playground-instrument.js';
import './elements/explorer.js';
import './engine/answers/answer-desk.js';
import './engine/gpu/backend.js';
import './elements/page/theme-toggle.js';
import { exposeInspection } from './inspect.js';

exposeInspection(document.querySelector('guidance-playground')!);
// The text reads well without its elements, so the instrument goes first.
setTimeout(() => import('./article/elements.js'));
