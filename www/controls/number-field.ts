import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { controls } from '../styles/controls.js';
import { refusalOf } from '../text/parameter.js';

/** A number that can be had was typed. */
export class NumberTyped extends Event {
  constructor(readonly value: number) {
    super('number-typed');
  }
}

/** A whole number to be typed; one that cannot be is answered with the range, and changes nothing. */
@customElement('gp-number-field')
export class NumberField extends LitElement {
  @property() label = '';
  /** Whether the label is for screen readers alone. */
  @property({ type: Boolean }) brief = false;
  /** What the number is, as a sentence begins. */
  @property() what = '';
  @property({ attribute: false }) least = 0;
  @property({ attribute: false }) greatest = Number.MAX_SAFE_INTEGER;
  /** Null where the field is empty again once it was heard. */
  @property({ attribute: false }) value: number | null = null;
  /** Why no number can be taken now, in a sentence; empty where one can. */
  @property() barred = '';
  @state() private complaint = '';

  static override styles = [
    controls,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        align-items: center;
      }

      input {
        width: 6.5rem;
      }

      [aria-invalid='true'] {
        border-color: var(--accent);
      }

      p {
        flex-basis: 100%;
        max-width: 22rem;
        margin: 0;
        color: var(--accent);
        font-size: var(--size-small);
        line-height: 1.35;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('value') || changed.has('greatest') || changed.has('barred')) this.complaint = '';
  }

  protected override render() {
    const { label, brief, least, greatest, value, complaint } = this;
    return html`<label for="number" class=${brief ? 'visually-hidden' : ''}>${label}</label>
      <input
        id="number"
        type="number"
        aria-invalid=${complaint ? 'true' : 'false'}
        aria-describedby=${complaint ? 'complaint' : nothing}
        min=${least}
        max=${greatest}
        step="1"
        .value=${live(String(value ?? ''))}
        @change=${this.#type}
      />
      ${complaint ? html`<p id="complaint" role="alert">${complaint}</p>` : nothing}`;
  }

  readonly #type = ({ target }: Event) => {
    const input = target as HTMLInputElement;
    const typed = input.valueAsNumber;
    // Emptied, and nothing typed in its place.
    const empty = Number.isNaN(typed) && !input.validity.badInput;
    this.complaint = empty
      ? ''
      : this.barred || refusalOf(typed, { name: this.what, least: this.least, greatest: this.greatest, whole: true });
    input.value = String(this.value ?? '');
    if (!empty && !this.complaint) this.dispatchEvent(new NumberTyped(typed));
  };
}
