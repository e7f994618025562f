// What an explorer needs and most figures do not show: fetched by those that do.
import './lit-table.js';
import './overlays/all.js';
import './panel/scheme-details.js';
import './panel/scheme-models.js';
import './playground-toolbar.js';
import './sampling-settings.js';
import './studies/sweep-study.js';
import './studies/trials-table.js';
