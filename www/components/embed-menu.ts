import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { controls } from '../styles/controls.js';
import '../controls/drop-down.js';
import type { DropDown } from '../controls/drop-down.js';

/** `choose`: it is put together first. */
type Form = 'element' | 'frame' | 'choose';

export class FormChosen extends Event {
  constructor(readonly form: Form) {
    super('form-chosen');
  }
}

const forms: { form: Form; name: string; meaning: string; needs: string }[] = [
  {
    form: 'element',
    name: 'As an element',
    meaning: 'Two lines of HTML: a figure that fits the page around it',
    needs: 'for a page that may have scripts',
  },
  {
    form: 'frame',
    name: 'As a frame',
    meaning: 'An iframe: for a page that may have no scripts of others',
    needs: 'for one that may not',
  },
  {
    form: 'choose',
    name: 'Choose…',
    meaning: 'What is shown of it, looked at in a width of your choice, with a poster',
    needs: 'what it shows',
  },
];

/** Code that shows in a post what is set. */
@customElement('gp-embed-menu')
export class EmbedMenu extends LitElement {
  /** What became of copying, for a while. */
  @property() copied = '';
  @query('gp-drop-down') private readonly dropDown!: DropDown;

  static override styles = [
    controls,
    css`
      p {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        align-items: center;
        margin: 0;
        color: var(--ink-soft);
        font-size: var(--size-small);
      }
    `,
  ];

  protected override render() {
    return html`<gp-drop-down label=${this.copied || 'Copy embed code'}>
      ${forms.map(
        ({ form, name, meaning, needs }) => html`<p>
          <button title=${meaning} @click=${() => this.#choose(form)}>${name}</button>
          ${needs}
        </p>`,
      )}
    </gp-drop-down>`;
  }

  #choose(form: Form) {
    this.dropDown.close();
    this.dispatchEvent(new FormChosen(form));
  }
}
