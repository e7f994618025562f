// What only an instrument with all its tools has of pictures.
import { html, nothing } from 'lit';
import type { RunRecord } from '../engine/backend.js';
import type { CodeForm, LabExplorer } from '../lab/lab.js';
import type { PanelState } from '../state/state.js';
import { setLook, setSampling } from '../state/changes.js';
import type { Session } from '../state/session.js';
import './explanations.js';
import { files } from './export/files.js';
import './prompt/negative-prompts.js';
import type { NegativesChange } from './prompt/negative-prompts.js';
import './picture/film-strip.js';
import type { StepChosen } from './picture/film-strip.js';
import './prompt/prompt-field.js';
import type { PromptChange } from './prompt/prompt-field.js';
import { refusals, vocabulary, type PictureScheme } from './schemes.js';
import type { ImagesKinds } from './state/kinds.js';
import { wordsOfPrompt } from './state/lab.js';
import type { ImagesLook, Shown } from './state/look.js';
import type { ImagesSampling } from './state/state.js';
import type { ImagesViewKinds } from './view.js';
import { scrubTo } from '../state/changes.js';

const views: { shows: Shown; name: string; meaning: string }[] = [
  { shows: 'picture', name: 'Picture', meaning: 'The picture with the noise that is left' },
  { shows: 'main', name: 'D main', meaning: 'What the main model estimates of it: the mean of all pictures that it may become' },
  { shows: 'guide', name: 'D guide', meaning: 'What the guide estimates of it' },
  { shows: 'guided', name: 'D guided', meaning: 'What the scheme makes of both' },
];

/** What less and more of a metric are. */
const differenceWords = {
  subjectRight: ['the subject right less often', 'the subject right more often'],
  effectiveStyles: ['fewer styles', 'more styles'],
  samePicture: ['fewer alike', 'more alike'],
  chromaExcess: ['paler', 'more saturated'],
  totalVariationExcess: ['simpler', 'more grain'],
  distance: ['nearer to true pictures', 'farther from true pictures'],
  outside: ['less beyond black and white', 'more beyond black and white'],
} as const;

/** Each once, with all that it is the reason of. */
const reasons = [...new Set(refusals.map(({ reason }) => reason))].map(
  (reason) => [reason, refusals.filter((each) => each.reason === reason).map(({ name }) => name)] as const,
);

export class ImagesExplorer implements LabExplorer<ImagesViewKinds> {
  readonly files = files;
  readonly code: readonly CodeForm<ImagesViewKinds>[] = [
    {
      name: 'command',
      meaning: 'A line for a shell that draws this with guidance-playground',
      write: async (...panel) => (await import('./export/code.js')).commandOf(...panel),
    },
  ];

  readonly words = differenceWords;

  constructor(private readonly session: Session<ImagesKinds>) {}

  async compare({ config, metrics }: RunRecord<ImagesViewKinds>, other: RunRecord<ImagesViewKinds>) {
    const { engine } = this.session;
    if (!engine || !metrics || !other.metrics) return null;
    const asked = { type: 'difference', prompt: config.prompt, readings: metrics.readings, others: other.metrics.readings } as const;
    return { differences: { ...(await engine.ask(asked)) }, remarks: [] };
  }

  renderSubject({ prompt }: ImagesSampling) {
    return html`<gp-prompt-field
      class="subject"
      .vocabulary=${vocabulary}
      .value=${prompt}
      @prompt-change=${({ prompt, settled }: PromptChange) => this.#ask(prompt, settled)}
    ></gp-prompt-field>`;
  }

  renderTools(look: ImagesLook) {
    const set = (change: Partial<ImagesLook>) => this.session.change((now) => setLook(this.session.lab, now, change));
    return html`
      <fieldset>
        <legend class="visually-hidden">What is drawn of a picture</legend>
        ${views.map(
          ({ shows, name, meaning }) => html`<label title=${meaning}>
            <input type="radio" name="shows" value=${shows} .checked=${shows === look.shows} @change=${() => set({ shows })} />${name}
          </label>`,
        )}
      </fieldset>
    `;
  }

  renderData() {
    return nothing;
  }

  renderLook(look: ImagesLook) {
    const check = (field: 'large' | 'shares', name: string) => {
      const set = ({ target }: Event) =>
        this.session.change((now) => setLook(this.session.lab, now, { [field]: (target as HTMLInputElement).checked }));
      return html`<label><input type="checkbox" .checked=${look[field]} @change=${set} /> ${name}</label>`;
    };
    return html`<span class="checks">
          ${check('large', 'The lit picture alone')} ${check('shares', 'Shares of styles and backgrounds')}
      </span>
      <details>
        <summary>Schemes of the plane that are not offered here, and why</summary>
        <ul>
          ${reasons.map(([reason, names]) => html`<li>${names.join(', ')}: ${reason}</li>`)}
        </ul>
      </details>`;
  }

  renderScheme(scheme: PanelState['scheme'], label: string, change: (scheme: PanelState['scheme'], settled: boolean) => void) {
    const { negatives } = scheme as PictureScheme;
    return html`<gp-negative-prompts
      label=${label}
      .negatives=${negatives}
      @negatives-change=${({ negatives, settled }: NegativesChange) => change({ ...scheme, negatives } as PanelState['scheme'], settled)}
    ></gp-negative-prompts>`;
  }

  renderLit() {
    const { session } = this;
    const { panels, playback } = session.settings;
    const picture = session.settings.linked[0];
    if (picture === undefined) return nothing;
    return html`<gp-film-strip
      .engine=${session.engine}
      .picture=${picture}
      .panels=${panels.map(({ id, choice }) => ({ id, name: session.schemes.choiceOf(choice).name }))}
      .computed=${panels.map(({ id }) => session.runs(id).shown?.stepsDone ?? 0).join()}
      .noiseLevels=${session.noiseLevels()}
      .step=${Math.round(playback.position)}
      @step-chosen=${({ step }: StepChosen) => session.change((now) => scrubTo(now, step))}
    ></gp-film-strip>`;
  }

  /** As it is typed only what is asked for counts; what was typed is kept once it is done. */
  #ask(prompt: string, settled: boolean): void {
    const before = this.session.settings.sampling.prompt;
    const same = wordsOfPrompt(prompt) === wordsOfPrompt(before);
    if (prompt === before || (same && !settled)) return;
    this.session.edit((now) => setSampling(this.session.lab, now, { prompt }), settled);
  }
}
