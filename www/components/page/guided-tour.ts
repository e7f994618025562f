import { LitElement, css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { properties } from '../../controls/properties.js';
import { controls } from '../../styles/controls.js';
import type { PlaygroundInstrument } from '../playground-instrument.js';
import { stepsOf, type TourStep } from './tour-steps.js';

/** Pixels between what is framed and its frame. */
const room = 6;

/** Leads through the instrument: a card that says what there is, and a frame around it. Nothing is covered; all can be tried meanwhile. */
@customElement('guided-tour')
export class GuidedTour extends LitElement {
  @state() private place = 0;
  @state() private frame: DOMRect | null = null;
  @state() private high = false;
  @query('[data-next]') private readonly next!: HTMLButtonElement | null;
  #instrument: PlaygroundInstrument | null = null;
  #steps: readonly TourStep[] = [];
  #origin: HTMLElement | null = null;
  #target: Element | null = null;
  readonly #resized = new ResizeObserver(() => this.#measure());

  static override styles = [
    controls,
    css`
      .frame {
        position: fixed;
        z-index: 2;
        border: 2px solid var(--focus);
        border-radius: var(--radius);
        pointer-events: none;
      }

      .card {
        position: fixed;
        inset: auto var(--space-4) var(--space-4) auto;
        z-index: 3;
        box-sizing: border-box;
        width: min(26rem, calc(100vw - 2 * var(--space-4)));
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: calc(var(--radius) + var(--space-1));
        background: var(--surface);
        box-shadow: 0 4px 16px rgb(0 0 0 / 0.12);
      }

      .high {
        inset: var(--space-4) var(--space-4) auto auto;
      }

      h2 {
        margin: 0;
        font-size: var(--size-large);
        font-weight: 600;
        line-height: 1.35;
      }

      p {
        margin: var(--space-1) 0 var(--space-3);
        font-size: var(--size-normal);
        line-height: 1.45;
        text-wrap: pretty;
      }

      .buttons {
        display: flex;
        gap: var(--space-2);
        align-items: center;
      }

      .buttons span {
        flex: 1;
        color: var(--ink-soft);
        font-size: var(--size-small);
        font-variant-numeric: tabular-nums;
      }

      [data-next] {
        border-color: var(--ink);
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  /** From the beginning; the focus goes back to `origin` at the end. */
  begin(instrument: PlaygroundInstrument, origin: HTMLElement): void {
    this.#instrument = instrument;
    this.#steps = stepsOf(instrument);
    this.#origin = origin;
    void this.#go(0);
  }

  override connectedCallback() {
    super.connectedCallback();
    // Of panels beside each other, too.
    addEventListener('scroll', this.#measure, { passive: true, capture: true });
    addEventListener('resize', this.#measure);
    addEventListener('keydown', this.#hear);
    this.#resized.observe(document.body);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('scroll', this.#measure, { capture: true });
    removeEventListener('resize', this.#measure);
    removeEventListener('keydown', this.#hear);
    this.#resized.disconnect();
  }

  protected override render() {
    const step = this.#steps[this.place];
    if (!step) return nothing;
    const { frame, place } = this;
    const last = place === this.#steps.length - 1;
    const side = (value: number) => `${value}px`;
    return html`
      ${
        frame
          ? html`<div
              class="frame"
              ${properties({
                left: side(frame.x - room),
                top: side(frame.y - room),
                width: side(frame.width + 2 * room - 4),
                height: side(frame.height + 2 * room - 4),
              })}
            ></div>`
          : nothing
      }
      <div class="card ${this.high ? 'high' : ''}" role="dialog" aria-label="Tour" @keydown=${this.#turn}>
        <div role="status">
          <h2>${step.title}</h2>
          <p>${step.text}</p>
        </div>
        <div class="buttons">
          <button @click=${this.end}>${last ? 'Close' : 'Skip the tour'}</button>
          <span>${place + 1} of ${this.#steps.length}</span>
          <button ?disabled=${place === 0} @click=${() => this.#go(place - 1)}>Back</button>
          <button data-next @click=${() => (last ? this.end() : this.#go(place + 1))}>${last ? 'Done' : 'Next'}</button>
        </div>
      </div>
    `;
  }

  readonly end = (): void => {
    this.remove();
    this.#origin?.focus();
  };

  async #go(place: number): Promise<void> {
    this.place = place;
    if (this.#target) this.#resized.unobserve(this.#target);
    this.#target = this.#steps[place]!.target(this.#instrument!);
    if (this.#target) {
      this.#resized.observe(this.#target);
      this.#show(this.#target);
    }
    this.#measure();
    await this.updateComplete;
    this.next?.focus({ preventScroll: true });
  }

  /** Above the card, which is at the window's lower end. */
  #show(target: Element): void {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    target.scrollIntoView({ block: 'nearest', inline: 'center' });
    const { y, height } = target.getBoundingClientRect();
    const above = innerHeight - this.#cardHeight;
    scrollBy({ top: y - Math.max((above - height) / 2, 3 * room), behavior: calm ? 'auto' : 'smooth' });
  }

  /** With what is around it. */
  get #cardHeight(): number {
    return (this.renderRoot.querySelector('.card')?.clientHeight ?? 190) + 4 * room;
  }

  readonly #measure = (): void => {
    const target = this.#target;
    this.frame = target?.isConnected ? target.getBoundingClientRect() : null;
    // What stays at the window's lower end, as the clock does, is not to lie below the card.
    this.high = this.frame !== null && this.frame.y > innerHeight / 2 && this.frame.bottom > innerHeight - this.#cardHeight;
  };

  readonly #hear = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) this.end();
  };

  readonly #turn = (event: KeyboardEvent): void => {
    const place = this.place + (event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0);
    if (place === this.place || !this.#steps[place]) return;
    event.preventDefault();
    void this.#go(place);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'guided-tour': GuidedTour;
  }
}
