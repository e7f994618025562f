import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { titleOfDemonstration } from '../../demonstration-titles.js';
import type { Unfolded } from '../../state/lab.js';
import { labNamed, usualLab } from '../../state/lab-name.js';
import { controls } from '../../styles/controls.js';
import './back-to-text.js';

/** Of the moment: scripts may put another in its place. */
const figure = () => document.querySelector('guidance-playground')!;

/** A button in the text that sets the instrument to show what the text says. */
@customElement('show-me')
export class ShowMe extends LitElement {
  /** The name of a demonstration of `lab`. */
  @property() what = '';
  @property() lab = usualLab;
  /** Or a state, as addresses have it, and what it shows in words: embeds, which know demonstrations by name, have none of these. */
  @property() state = '';
  @property() shows = '';
  /** What is to be trained besides, as JSON: the section for that unfolds with it filled in. */
  @property({ type: Object }) train: object | null = null;
  @query('button') private readonly button!: HTMLButtonElement;

  static override styles = [
    controls,
    css`
      button {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        border-color: color-mix(in srgb, var(--accent) 45%, transparent);
        color: var(--accent);
      }

      button:hover {
        border-color: var(--accent);
      }

      svg {
        width: 0.75rem;
        fill: currentcolor;
      }
    `,
  ];

  protected override render() {
    return html`<button @click=${this.#show} title="Sets the instrument to ${this.#title}">
      <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2.5 1v10L11 6z" /></svg>
      <slot></slot>
    </button>`;
  }

  override focus(options?: FocusOptions) {
    this.button.focus(options);
  }

  get #title(): string {
    return this.shows || titleOfDemonstration(this.lab, this.what);
  }

  readonly #show = () => {
    const { instrument } = figure();
    if (!this.state && instrument?.lab.id === this.lab) instrument.demonstrate(this.what);
    // Another lab takes the place of the one that is shown, with this (lab-switch.ts).
    else location.hash = `v=1${this.lab === usualLab ? '' : `&lab=${this.lab}`}&${this.state || `preset=${this.what}`}`;
    if (this.train) void this.#unfold({ train: this.train });
    document.querySelector('back-to-text')!.offer(this.#title, this);
  };

  /** Unfolds a section of its lab, once that is there, unless the reader has gone elsewhere meanwhile. */
  async #unfold(open: Unfolded) {
    while (figure().instrument?.lab.id !== this.lab) {
      await new Promise((resolve) => figure().addEventListener('frame', resolve, { once: true }));
      if (labNamed(location.hash) !== this.lab) return;
    }
    figure().instrument!.show({ open });
  }
}
