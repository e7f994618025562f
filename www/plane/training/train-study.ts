// The section below the panels in which networks are trained.
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../../styles/controls.js';
import { section } from '../../styles/section.js';
import { formatCount } from '../../text/format.js';
import { nameOfData } from '../distribution.js';
import { chartStyles, renderCharts } from './charts.js';
import { guideIterations, nameOfRun, pairedJob, saveNetwork, type Plan, type PlannedRun } from './plan.js';
import { renderTrained } from './trained-list.js';
import type { Trainings } from './trainings.js';

const widths = [16, 24, 32, 48, 64, 96, 128];
const iterations = [64, 128, 256, 512, 1024, 2048, 4096];
const batches = [256, 512, 1024, 2048, 4096];
const noises = [
  { id: '', name: 'Gaussian' },
  { id: '4', name: 'Student-t, ν = 4' },
  { id: '10', name: 'Student-t, ν = 10' },
] as const;

const usual: Plan = {
  paired: true,
  classes: 'A',
  hidden: 64,
  iterations: 4096,
  guides: null,
  batch: 4096,
  seed: 0,
  degreesOfFreedom: null,
};

@customElement('gp-train-study')
export class TrainStudy extends LitElement {
  /** There once it is asked for, by `train-opened`. */
  @property({ attribute: false }) trainings: Trainings | null = null;
  /** What is sampled, by name. */
  @property() distribution = '';
  /** Another number whenever something of the training has changed. */
  @property({ type: Number }) version = 0;
  /** What is to be trained, where something else than the visitor says so: another object unfolds the section, with its form filled. */
  @property({ attribute: false }) proposal: Partial<Plan> | null = null;
  @state() private planned = usual;
  @query('details') private readonly details!: HTMLDetailsElement;

  static override styles = [
    controls,
    section,
    chartStyles,
    css`
      label {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
      }

      form select {
        min-width: 0;
        max-width: 100%;
      }

      form label {
        max-width: 100%;
      }

      progress {
        width: min(30rem, 100%);
        accent-color: var(--accent);
      }

      p {
        margin: 0 0 var(--space-2);
        font-size: var(--size-small);
        text-wrap: pretty;
        font-variant-numeric: tabular-nums;
      }

      h3 {
        margin: var(--space-4) 0 var(--space-1);
        font-size: var(--size-small);
      }

      .trained {
        margin: 0;
        padding: 0;
        font-size: var(--size-small);
        list-style: none;
      }

      .trained li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        align-items: center;
        padding: var(--space-1) 0;
        border-top: 1px solid var(--line);
      }

      .trained .buttons {
        margin-left: auto;
      }

      .saves {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-3);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('proposal') && this.proposal) this.planned = { ...usual, ...this.proposal };
  }

  protected override async updated(changed: PropertyValues<this>) {
    if (!changed.has('proposal') || !this.proposal) return;
    this.details.open = true;
    await this.updateComplete;
    this.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }

  protected override render() {
    const { trainings } = this;
    return html`<details @toggle=${() => this.dispatchEvent(new Event('train-opened'))}>
      <summary><h2>Train</h2> <span class="count">networks on these data</span></summary>
      <p class="hint">
        Networks learn the data that are sampled now, from exact scores, as the paper’s did; panels follow as they learn, and have them among
        their models.
      </p>
      ${trainings ? html`${this.#renderForm(trainings)} ${this.#renderState(trainings)}` : nothing}
    </details>`;
  }

  #renderForm(trainings: Trainings) {
    const { planned } = this;
    const { paired } = planned;
    const { standing, left } = trainings;
    const busy = standing !== 'none';
    const choose =
      <Field extends keyof Plan>(field: Field, read: (text: string) => Plan[Field]) =>
      ({ target }: Event) =>
        (this.planned = { ...planned, [field]: read((target as HTMLSelectElement).value) });
    const numbers = (name: string, field: 'hidden' | 'iterations' | 'batch', values: readonly number[]) => html`<label>
      ${name}
      <select ?disabled=${busy} @change=${choose(field, Number)}>
        ${values.map((each) => html`<option value=${each} .selected=${each === planned[field]}>${formatCount(each)}</option>`)}
      </select>
    </label>`;
    return html`<form class="tools" @submit=${(event: Event) => event.preventDefault()}>
      <label>
        Networks
        <select ?disabled=${busy} @change=${choose('paired', (text) => text === 'paired')}>
          <option value="paired" .selected=${paired}>Main and guides, as the paper pairs them</option>
          <option value="one" .selected=${!paired}>One network</option>
        </select>
      </label>
      ${
        paired
          ? nothing
          : html`<label>
              Classes
              <select ?disabled=${busy} @change=${choose('classes', (text) => text as PlannedRun['classes'])}>
                ${(['A', 'B', 'AB'] as const).map((each) => html`<option .selected=${each === planned.classes}>${each}</option>`)}
              </select>
            </label>
            <label>
              Noise
              <select ?disabled=${busy} @change=${choose('degreesOfFreedom', (text) => (text === '' ? null : Number(text)))}>
                ${noises.map(({ id, name }) => html`<option value=${id} .selected=${id === String(planned.degreesOfFreedom ?? '')}>${name}</option>`)}
              </select>
            </label>`
      }
      ${numbers('Width', 'hidden', widths)} ${numbers('Iterations', 'iterations', iterations)}
      ${
        paired
          ? html`<label>
              Guides trained for
              <select ?disabled=${busy} @change=${choose('guides', (text) => (text === '' ? null : Number(text)))}>
                <option value="" .selected=${planned.guides === null}>an eighth (${formatCount(guideIterations(planned.iterations))})</option>
                ${iterations.map((each) => html`<option value=${each} .selected=${each === planned.guides}>${formatCount(each)}</option>`)}
              </select>
            </label>`
          : nothing
      }
      ${numbers('Batch', 'batch', batches)}
      <label>
        Seed
        <input
          type="number"
          min="0"
          max="999999"
          ?disabled=${busy}
          .value=${String(planned.seed)}
          @change=${choose('seed', (text) => Math.min(Math.max(Math.round(Number(text)) || 0, 0), 999_999))}
        />
      </label>
      <span class="buttons">
        ${
          standing === 'none'
            ? html`<button @click=${() => trainings.start(this.#job)}>Train</button>
              ${left ? html`<button @click=${() => trainings.start(left.job)}>Go on with the last</button>` : nothing}`
            : html`<button
                ?disabled=${standing === 'pausing' || standing === 'stopping'}
                @click=${() => (standing === 'paused' ? trainings.resume() : trainings.pause())}
              >
                ${standing === 'paused' ? 'Resume' : 'Pause'}
              </button>
              <button ?disabled=${standing === 'stopping'} @click=${() => trainings.stop()}>Stop</button>`
        }
      </span>
    </form>`;
  }

  get #job(): PlannedRun[] {
    const { paired, guides, ...planned } = this.planned;
    const run = { data: this.distribution, ...planned };
    return paired ? pairedJob({ ...run, classes: 'A', degreesOfFreedom: null }, guides ?? undefined) : [run];
  }

  #renderState(trainings: Trainings) {
    const { standing, job, failure, unkept, outcome, progress, left, latest, trained } = trainings;
    return html`
      ${
        left && standing === 'none'
          ? html`<p>
              A training of ${nameOfData(left.job[left.run]!.data)} was left at iteration ${formatCount(left.iteration)} of
              ${formatCount(left.job[left.run]!.iterations)}; it can go on.
            </p>`
          : nothing
      }
      ${standing !== 'none' ? html`<progress max="1" .value=${progress?.done ?? 0} aria-label="Training"></progress>` : nothing}
      <p role="status">${standing === 'none' ? outcome : sentenceOf(trainings)}</p>
      ${progress?.engine.notice ? html`<p>${progress.engine.notice}</p>` : nothing}
      ${unkept ? html`<p>Another tab trains, too, and this browser keeps one at a time: if this page is left, this training is lost.</p>` : nothing}
      ${failure ? html`<p role="alert"><strong>${failure.message}</strong> ${failure.advice}</p>` : nothing}
      ${renderCharts(trainings)}
      ${
        latest.size > 0
          ? html`<div class="saves">
              ${[...latest].map(
                ([run, { iteration, network }]) => html`<button @click=${() => saveNetwork(job[run]!, iteration, network)}>
                  Save ${nameOfRun(job[run]!)} (${formatCount(iteration)} it.)
                </button>`,
              )}
            </div>`
          : nothing
      }
      ${renderTrained(trained, {
        use: (one) => trainings.use(one),
        save: (one) => void trainings.save(one),
        forget: (one) => void trainings.forget(one),
      })}
    `;
  }
}

function timeOf(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'some time';
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** Where it stands. */
function sentenceOf({ standing, progress, job }: Trainings): string {
  if (!progress) return standing === 'stopping' ? 'It stops after this iteration.' : 'It begins …';
  const { run, engine, iteration, iterations, rate, secondsLeft, curve } = progress;
  const network = `${nameOfRun(job[run]!)} (${run + 1} of ${job.length})`;
  const loss = curve.losses.at(-1);
  const pace =
    standing === 'paused'
      ? 'it rests'
      : rate > 0
        ? `${formatCount(Math.round(rate))} iterations a second, ${timeOf(secondsLeft)} left`
        : 'it begins';
  const by = `${engine.kind === 'webgpu' ? 'WebGPU' : 'the CPU'} (${engine.description})`;
  return `${network}: iteration ${formatCount(iteration)} of ${formatCount(iterations)}, by ${by}; ${pace}${loss === undefined ? '' : `; loss ${loss.toPrecision(3)}`}.`;
}
