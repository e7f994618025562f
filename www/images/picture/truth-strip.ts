// What a perfect sampler would draw: samples of what the prompt stands for, in a strip.
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { SizeWatch } from '../../controls/watching.js';
import type { World } from '../engine/backend.js';
import type { ImagesEngine } from '../engine/engine.js';
import type { TruePictures } from '../engine/questions.js';
import { shown } from '../prompt/remarks.js';
import { Answer } from './answers.js';
import './picture-grid.js';
import type { PictureAt } from './picture-grid.js';
import { vocabulary } from '../schemes.js';
import { wordsOf } from './reading.js';

/** As many as have room beside each other. */
const columns = 16;
/** Pixels below which half as many do. */
const narrow = 560;

@customElement('gp-truth-strip')
export class TruthStrip extends LitElement {
  @property({ attribute: false }) engine: ImagesEngine | null = null;
  @property({ attribute: false }) world: World | null = null;
  /** In words that are known. */
  @property() prompt = '';
  @property({ attribute: false }) seed = 0;
  @property({ attribute: false }) count = columns;
  @state() private lit: number | null = null;
  @state() private columns = columns;
  readonly #truth = new Answer<TruePictures>(() => this.requestUpdate());

  constructor() {
    super();
    this.addController(new SizeWatch(this, ({ width }) => (this.columns = width < narrow ? columns / 2 : columns)));
  }

  static override styles = css`
    :host {
      display: block;
      margin-block: var(--space-4) 0;
      font-size: var(--size-small);
    }

    p {
      margin: 0 0 var(--space-2);
      line-height: 1.45;
    }

    .credits {
      margin: var(--space-2) 0 0;
      color: var(--ink-soft);
      font-size: 0.75rem;
    }

    strong {
      font-weight: 600;
    }

    span {
      color: var(--ink-soft);
    }
  `;

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#truth.forget();
  }

  protected override render() {
    const { engine, world, prompt, seed, count } = this;
    const truth =
      engine && world
        ? this.#truth.get(prompt, `${count} of seed ${seed}`, (signal) =>
            engine.ask({ type: 'truth', prompt, seed, pictures: count }, signal),
          )
        : null;
    const there = this.#truth.isFresh ? truth : null;
    const readings = there?.pictures.map(wordsOf) ?? [];
    const asked = shown(prompt) || 'anything';
    const pointed = this.lit === null ? '' : readings[this.lit];
    return html`<p><strong>Truth</strong> <span>${pointed || `Perfect samples of “${asked}”: what a sampler without error would draw`}</span></p>
      <gp-picture-grid
        .world=${world}
        .data=${there?.data ?? null}
        .count=${count}
        .columns=${Math.min(this.columns, count)}
        .lit=${this.lit}
        .readings=${readings}
        name="the truth"
        label="Perfect samples of ${asked}"
        @picture-at=${({ picture }: PictureAt) => (this.lit = picture)}
      ></gp-picture-grid>
      <p class="credits">${vocabulary.credits}</p>`;
  }
}
