// The lit particles below the panels.
import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { planeSchemes } from '../schemes.js';
import { link } from '../../state/changes.js';
import type { PlaneKinds } from '../state/kinds.js';
import type { Session } from '../../state/session.js';
import type { LinkChange, LitPanel } from './lit-table.js';
import type { Pointing } from './pointing.js';

export function renderLit(pointing: Pointing, session: Session<PlaneKinds>) {
  const { panels, sampling } = session.settings;
  const { particles, failure } = pointing;
  const lit = panels.map(({ id }) => pointing.lit(id));
  // What does not move with the clock is not rendered with it.
  return guard([panels, sampling, particles.join(), failure, ...lit], () => {
    const named = panels.map(({ choice }, index): LitPanel => ({ name: planeSchemes.choiceOf(choice).name, lit: lit[index]! }));
    return html`<gp-lit-table
      .linked=${particles}
      .panels=${named}
      .particles=${sampling.particles}
      failure=${failure}
      @link-change=${({ particles }: LinkChange) => session.change((now) => link(session.lab, now, particles))}
    ></gp-lit-table>`;
  });
}
