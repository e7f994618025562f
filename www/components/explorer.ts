// What an explorer needs and most embeds do not show: fetched by those that do.
import './file-opening.js';
import './panel/paired-differences.js';
import './panel/panel-menu.js';
import './panel/scheme-details.js';
import './panel/scheme-explanation.js';
import './panel/scheme-models.js';
import './playground-toolbar.js';
import './sampling-settings.js';
import './studies/sweep-study.js';
import './studies/trials-table.js';

export { Tools } from './tools.js';
