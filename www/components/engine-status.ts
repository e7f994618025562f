import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Engine } from '../engine/engine.js';
import type { Lab } from '../lab/lab.js';
import { formatPace } from '../text/format.js';

const names = { webgpu: 'WebGPU', cpu: 'the CPU' };

/** Which engine samples, on what, how fast, and why not the other: a quiet line. */
@customElement('gp-engine-status')
export class EngineStatus extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) backend: Engine['backend'] = null;
  /** Samples times steps a second; 0 while unknown. */
  @property({ attribute: false }) pace = 0;
  /** What its visitor has to know of how it draws, in a sentence. */
  @property() remark = '';
  @property({ attribute: false }) notice = '';
  /** Only what the visitor has to know. */
  @property({ type: Boolean }) brief = false;

  static override styles = css`
    :host {
      display: block;
      color: var(--ink-soft);
      font-size: var(--size-small);
      font-variant-numeric: tabular-nums;
    }

    p {
      margin: 0;
      overflow-wrap: anywhere;
    }

    p:first-child:not(:empty) {
      margin-top: var(--space-4);
    }
  `;

  protected override render() {
    return html`
      ${this.brief ? nothing : html`<p data-engine=${this.backend?.kind ?? nothing}>${this.#describe()}</p>`}
      <p role="status" data-notice>${this.notice}</p>
    `;
  }

  #describe(): string {
    if (!this.backend) return 'Choosing an engine…';
    const { kind, description } = this.backend;
    const speed = this.pace > 0 ? `, ${formatPace(this.pace)} ${this.lab.samples.many} × steps a second` : '';
    return `Sampled by ${names[kind]} (${description})${speed}.${this.remark && ` ${this.remark}`}`;
  }
}
