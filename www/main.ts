import './elements/guidance-playground.js';
import './elements/theme-toggle.js';
import './elements/glossary-term.js';
import './elements/show-me.js';
import { exposeInspection } from './inspect.js';
import { restoreTheme } from './theme.js';

restoreTheme();
exposeInspection(document.querySelector('guidance-playground')!);
