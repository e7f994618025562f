// What stands in place of the instrument where it cannot be.
import { html, nothing } from 'lit';
import type { Failure } from '../engine/types.js';

/** `again` tries anew; null where trying again does not help. */
export function renderFailure({ code, message, advice }: Failure, again: (() => void) | null) {
  return html`<div class="notice" role="alert" data-code=${code}>
    <p><strong>${message}</strong></p>
    <p>${advice}</p>
    ${again ? html`<button @click=${again}>Try again</button>` : nothing}
  </div>`;
}
