// The section below the panels in which networks are trained.
import { LitElement, css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controls } from '../../styles/controls.js';
import { section } from '../../styles/section.js';
import { saveFile } from '../../study/export.js';
import { formatCount } from '../../text/format.js';
import { nameOfData } from '../distribution.js';
import { pairedJob, trainingName, type PlannedRun } from './plan.js';
import type { Trainings } from './trainings.js';

const widths = [16, 24, 32, 48, 64, 96, 128];
const iterations = [128, 256, 512, 1024, 2048, 4096];
const batches = [256, 512, 1024, 2048, 4096];
const noises = [
  { id: '', name: 'Gaussian' },
  { id: '4', name: 'Student-t, ν = 4' },
  { id: '10', name: 'Student-t, ν = 10' },
] as const;

/** The curve's place, in units of its picture: powers of ten across and up. */
const size = { width: 480, height: 180, left: 48, right: 20, top: 8, bottom: 24 };
const span = { iterations: [1, 4096], losses: [1e-4, 1] } as const;

@customElement('gp-train-study')
export class TrainStudy extends LitElement {
  /** There once it is asked for, by `train-opened`. */
  @property({ attribute: false }) trainings: Trainings | null = null;
  /** What is sampled, by name. */
  @property() distribution = '';
  /** Another number whenever something of the training has changed. */
  @property({ type: Number }) version = 0;
  @state() private paired = true;
  @state() private planned: Omit<PlannedRun, 'data'> = {
    classes: 'A',
    hidden: 64,
    iterations: 4096,
    batch: 4096,
    seed: 0,
    degreesOfFreedom: null,
  };

  static override styles = [
    controls,
    section,
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

      svg {
        display: block;
        width: min(30rem, 100%);
        color: var(--ink-soft);
        font-size: 11px;
      }

      .axis {
        stroke: var(--line);
      }

      .curve {
        fill: none;
        stroke: var(--quantity-main);
        stroke-width: 1.5;
      }

      .curve ~ .curve {
        stroke: var(--quantity-guide);
      }

      .curve ~ .curve ~ .curve {
        stroke-dasharray: 4 3;
      }

      text {
        fill: currentColor;
      }

      .saves {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-3);
      }
    `,
  ];

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
    const { planned, paired } = this;
    const { standing, left } = trainings;
    const busy = standing !== 'none';
    const choose =
      <Field extends keyof typeof planned>(field: Field, read: (text: string) => (typeof planned)[Field]) =>
      ({ target }: Event) =>
        (this.planned = { ...planned, [field]: read((target as HTMLSelectElement).value) });
    const numbers = (name: string, field: 'hidden' | 'iterations' | 'batch', values: readonly number[]) => html`<label>
      ${name}
      <select ?disabled=${busy} @change=${choose(field, Number)}>
        ${values.map((each) => html`<option value=${each} ?selected=${each === planned[field]}>${formatCount(each)}</option>`)}
      </select>
    </label>`;
    return html`<form class="tools" @submit=${(event: Event) => event.preventDefault()}>
      <label>
        Networks
        <select ?disabled=${busy} @change=${({ target }: Event) => (this.paired = (target as HTMLSelectElement).value === 'paired')}>
          <option value="paired" ?selected=${paired}>Main and guides, as the paper pairs them</option>
          <option value="one" ?selected=${!paired}>One network</option>
        </select>
      </label>
      ${
        paired
          ? nothing
          : html`<label>
              Classes
              <select ?disabled=${busy} @change=${choose('classes', (text) => text as PlannedRun['classes'])}>
                ${(['A', 'B', 'AB'] as const).map((each) => html`<option ?selected=${each === planned.classes}>${each}</option>`)}
              </select>
            </label>
            <label>
              Noise
              <select ?disabled=${busy} @change=${choose('degreesOfFreedom', (text) => (text === '' ? null : Number(text)))}>
                ${noises.map(({ id, name }) => html`<option value=${id} ?selected=${id === String(planned.degreesOfFreedom ?? '')}>${name}</option>`)}
              </select>
            </label>`
      }
      ${numbers('Width', 'hidden', widths)} ${numbers('Iterations', 'iterations', iterations)} ${numbers('Batch', 'batch', batches)}
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
    const run = { data: this.distribution, ...this.planned };
    return this.paired ? pairedJob({ ...run, classes: 'A', degreesOfFreedom: null }) : [run];
  }

  #renderState(trainings: Trainings) {
    const { standing, job, failure, outcome, progress, left, curves, latest } = trainings;
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
      ${failure ? html`<p role="alert"><strong>${failure.message}</strong> ${failure.advice}</p>` : nothing}
      ${curves.length > 0 ? this.#renderCurves(trainings) : nothing}
      ${
        latest.size > 0
          ? html`<div class="saves">
              ${[...latest].map(
                ([run, { iteration, network }]) => html`<button
                  @click=${() => saveFile(`${trainingName(job[run]!)}-${job[run]!.classes}-${iteration}.safetensors`, new Blob([network], { type: 'application/octet-stream' }))}
                >
                  Save ${nameOfRun(job[run]!)} (${formatCount(iteration)} it.)
                </button>`,
              )}
            </div>`
          : nothing
      }
    `;
  }

  /** The losses, of which zero is the best that there can be, in powers of ten both ways. */
  #renderCurves({ job, curves }: Trainings) {
    const { width, height, left, right, top, bottom } = size;
    const share = (value: number, [low, high]: readonly [number, number]) =>
      Math.min(Math.max(Math.log(value / low) / Math.log(high / low), 0), 1);
    const x = (iteration: number) => left + share(iteration, span.iterations) * (width - left - right);
    const y = (loss: number) => height - bottom - share(loss, span.losses) * (height - top - bottom);
    const line = ({ iterations, losses }: { iterations: number[]; losses: number[] }) =>
      iterations.map((iteration, index) => `${x(iteration).toFixed(1)},${y(losses[index]!).toFixed(1)}`).join(' ');
    const names = job.map(nameOfRun).join(', ');
    return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Loss over iterations of ${names}, in powers of ten">
      ${[1, 0.1, 0.01, 0.001, 0.0001].map(
        (loss) => svg`<line class="axis" x1=${left} x2=${width - right} y1=${y(loss)} y2=${y(loss)}></line>
          <text x=${left - 6} y=${y(loss) + 4} text-anchor="end">${loss}</text>`,
      )}
      ${[1, 16, 256, 4096].map((iteration) => svg`<text x=${x(iteration)} y=${height - 6} text-anchor="middle">${formatCount(iteration)}</text>`)}
      ${curves.map((curve) => svg`<polyline class="curve" points=${line(curve)}></polyline>`)}
    </svg>`;
  }
}

/** What a visitor calls a run's network. */
function nameOfRun(run: PlannedRun): string {
  return `${trainingName(run)}:${run.classes}`;
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
