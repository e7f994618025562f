// Asking the instrument to show a result of a table or a plot.
import { html } from 'lit';
import type { Configuration } from '../../engine/backend.js';
import type { Demonstration, LabBasis } from '../../state/lab.js';
import { mostPanels } from '../../scheme/address.js';
import type { PanelState } from '../../state/state.js';

export class Demonstrate extends Event {
  constructor(readonly demonstration: Demonstration) {
    super('demonstrate', { bubbles: true, composed: true });
  }
}

/** A run as it was made, in a panel: what all panels share, as its seed and its noise levels, comes with it. */
export function reproduce(lab: LabBasis, choice: string, config: Configuration, panel: number | null): Demonstrate {
  const { scheme } = config;
  return new Demonstrate({ place: { panel, chosen: { choice, scheme } }, sampling: lab.samplingOf(config) });
}

/** Where a result went that was loaded: the panels may be out of sight. */
export function describeLoaded(title: string, panels: readonly PanelState[], target: number | null): string {
  const found = panels.findIndex(({ id }) => id === target);
  return `${title} is in panel ${found < 0 ? Math.min(panels.length + 1, mostPanels) : found + 1} now.`;
}

/** A menu of the panels that something can be loaded into; null is a new one. */
export function renderTarget(panels: readonly PanelState[], target: number | null, choose: (panel: number | null) => void) {
  const full = panels.length >= mostPanels;
  return html`<span class="target">
    <label for="target">Load into</label>
    <select
      id="target"
      @change=${({ target }: Event) => {
        const { value } = target as HTMLSelectElement;
        choose(value === '' ? null : Number(value));
      }}
    >
      ${full ? '' : html`<option value="" .selected=${target === null}>a new panel</option>`}
      ${panels.map(
        ({ id }, index) =>
          html`<option value=${id} .selected=${id === target || (full && target === null && index === panels.length - 1)}>
            panel ${index + 1}
          </option>`,
      )}
    </select>
  </span>`;
}
