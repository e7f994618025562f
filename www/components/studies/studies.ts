// What stands below the panels: what was tried, and sweeps. Fetched where it is shown (explorer.ts).
import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Engine } from '../../engine/engine.js';
import type { Lab } from '../../lab/lab.js';
import type { Demonstration } from '../../state/lab.js';
import type { Session } from '../../state/session.js';
import type { PanelState, State } from '../../state/state.js';
import { Trials } from '../../study/trials.js';
import { titleOf } from '../../text/title.js';
import type { Demonstrate } from './demonstrate.js';
import type { SweepStudy } from './sweep-study.js';
import type { TrialsCleared, TrialsTable } from './trials-table.js';

/** The instrument that they are of. */
interface Host {
  readonly renderRoot: ParentNode;
  readonly updateComplete: Promise<boolean>;
  requestUpdate(): void;
  show(demonstration: Demonstration): void;
}

export class Studies {
  readonly #trials: Trials;

  constructor(
    private readonly lab: Lab,
    private readonly host: Host,
    private readonly session: Session,
  ) {
    this.#trials = new Trials(session.schemes);
  }

  /** Takes in what the panels show. */
  note(): void {
    if (!this.session.engine) return;
    for (const { id, choice } of this.session.settings.panels) this.#trials.note(choice, this.session.runs(id).shown);
  }

  /** Opens one of the two, and brings it into sight. */
  async unfold(which: 'sweep' | 'tried'): Promise<void> {
    await this.host.updateComplete;
    const study = this.host.renderRoot.querySelector<SweepStudy | TrialsTable>(which === 'sweep' ? 'gp-sweep-study' : 'gp-trials-table');
    if (!study) return;
    study.open = true;
    await study.updateComplete;
    study.scrollIntoView({ behavior: this.session.motion ? 'smooth' : 'auto' });
  }

  render(engine: Engine, { panels, sampling }: State) {
    const trials = this.#trials;
    const metrics = panels.map(({ id }) => this.session.runs(id).shown?.metrics);
    return guard([engine, panels, sampling, trials.list, trials.cleared, ...metrics], () =>
      this.#renderNow(engine, panels, sampling, trials),
    );
  }

  #renderNow(engine: Engine, panels: PanelState[], sampling: State['sampling'], trials: Trials) {
    const { session } = this;
    const { samples, samplingOf } = this.lab;
    const results = panels.flatMap(({ id, choice }, index) => {
      const { shown } = session.runs(id);
      return shown?.metrics
        ? [
            {
              number: index + 1,
              title: titleOf(session.schemes, choice, shown.config.scheme),
              metrics: shown.metrics,
              count: samples.of(samplingOf(shown.config)),
            },
          ]
        : [];
    });
    return html`<div class="studies" @demonstrate=${({ demonstration }: Demonstrate) => this.host.show(demonstration)}>
      <gp-trials-table
        .lab=${this.lab}
        .trials=${trials.list}
        .cleared=${trials.cleared.length}
        .panels=${panels}
        @trials-cleared=${({ undo }: TrialsCleared) => {
          if (undo) trials.restore();
          else trials.clear();
          this.host.requestUpdate();
        }}
      ></gp-trials-table>
      <gp-sweep-study
        .lab=${this.lab}
        .engine=${engine}
        .panels=${panels}
        .sampling=${sampling}
        .results=${results}
      ></gp-sweep-study>
    </div>`;
  }
}
