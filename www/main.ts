import './styles/tokens.css';
import './styles/page.css';
import './elements/guidance-playground.js';
import './elements/theme-toggle.js';
import { exposeInspection } from './inspect.js';
import { restoreTheme } from './theme.js';

restoreTheme();
exposeInspection(document.querySelector('guidance-playground')!);
