// The trainings that the browser has, as a list: to be used, saved or forgotten.
import { html, nothing } from 'lit';
import { formatCount } from '../../text/format.js';
import type { Finished } from '../../training/finished.js';
import { nameOfData } from '../distribution.js';
import { nameOfRun, type PlannedRun } from './plan.js';

export interface ListActions {
  use(one: Finished): void;
  save(one: Finished): void;
  forget(one: Finished): void;
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export function renderTrained(all: readonly Finished[], { use, save, forget }: ListActions) {
  if (all.length === 0) return nothing;
  return html`<h3 id="trained">Trained here</h3>
    <p class="hint">This browser keeps the networks of the last trainings that were done; nobody else has them.</p>
    <ul class="trained" aria-labelledby="trained">
      ${all.map((one) => {
        const job = one.job as PlannedRun[];
        const [main] = job as [PlannedRun];
        const about = `${nameOfRun(main)}${job.length > 1 ? ' and its guides' : ''}`;
        const label = `${about}, ${nameOfData(main.data)}`;
        return html`<li>
          <span>
            <strong>${about}</strong>: ${nameOfData(main.data)}, ${formatCount(main.iterations)} iterations,
            <time datetime=${new Date(one.time).toISOString()}>${day.format(one.time)}</time>
          </span>
          <span class="buttons">
            <button aria-label="Use ${label}" @click=${() => use(one)}>Use</button>
            <button aria-label="Save ${label}" @click=${() => save(one)}>Save</button>
            <button aria-label="Forget ${label}" @click=${() => forget(one)}>Forget</button>
          </span>
        </li>`;
      })}
    </ul>`;
}
