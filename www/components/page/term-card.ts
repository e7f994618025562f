// Cards with the meanings of terms, fetched for the first that is looked at.
import { css, type CSSResult } from 'lit';
import { glossary, type Term } from '../../text/glossary.js';

/** A term, in a page. */
export interface ExplainedWord extends HTMLElement {
  readonly term: string;
  /** The terms of what it stands beside, where it has some of its own. */
  readonly own: (() => Promise<Readonly<Record<string, Term>>>) | null;
  readonly word: HTMLElement;
  /** Whether its card is to be open. */
  readonly wanted: boolean;
  readonly hide: () => void;
}

/** Between the card and the edges of the window. */
const margin = 8;

const styles: CSSResult = css`
  .card {
    /* In the page's own coordinates, so that it scrolls with the word. */
    position: absolute;
    inset: auto;
    box-sizing: border-box;
    width: max-content;
    max-width: min(22rem, calc(100vw - 1rem));
    margin: 0;
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.12);
    font: var(--size-small) / 1.5 var(--font);
    text-align: start;
    white-space: normal;
  }

  .card strong {
    display: block;
    margin-bottom: var(--space-1);
    font-weight: 600;
  }
`;

/** Each term's, once it was open. */
const cards = new WeakMap<ExplainedWord, HTMLElement>();

/** Only one is open at a time. */
let open: ExplainedWord | null = null;

/** Opens a term's card, unless that was left meanwhile. */
export async function openCard(term: ExplainedWord): Promise<void> {
  if (open === term || !term.wanted) return;
  open?.hide();
  open = term;
  const card = cards.get(term) ?? cardOf(await meaningOf(term));
  // Left meanwhile.
  if (open !== term || !term.isConnected) return;
  if (!cards.has(term)) {
    cards.set(term, card);
    const root = term.shadowRoot!;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles.styleSheet!];
    root.append(card);
    term.word.setAttribute('aria-describedby', card.id);
  }
  card.showPopover();
  place(card, term.word);
  document.addEventListener('keydown', closeOnEscape);
  document.addEventListener('pointerdown', pressElsewhere);
}

export function closeCard(term: ExplainedWord): void {
  if (open !== term) return;
  open = null;
  document.removeEventListener('keydown', closeOnEscape);
  document.removeEventListener('pointerdown', pressElsewhere);
  if (term.isConnected) cards.get(term)?.hidePopover();
}

async function meaningOf({ own, term }: ExplainedWord): Promise<Term> {
  const terms: Readonly<Record<string, Term>> = { ...glossary, ...(await own?.()) };
  if (!Object.hasOwn(terms, term)) throw new Error(`The glossary has no term “${term}”.`);
  return terms[term]!;
}

function cardOf({ title, text }: Term): HTMLElement {
  const card = document.createElement('span');
  Object.assign(card, { className: 'card', id: 'card', role: 'tooltip', popover: 'manual' });
  const head = document.createElement('strong');
  head.textContent = title;
  card.append(head, text);
  return card;
}

/** Below the word's first line, or above it where there is no room; never over the window's edge. */
function place(card: HTMLElement, word: HTMLElement): void {
  const line = word.getClientRects()[0]!;
  const { offsetWidth: width, offsetHeight: height } = card;
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(Math.min(line.left, clientWidth - width - margin), margin);
  const top = line.bottom + height + margin > clientHeight && line.top > height ? line.top - height : line.bottom;
  card.style.left = `${left + window.scrollX}px`;
  card.style.top = `${top + window.scrollY}px`;
}

function closeOnEscape({ key }: KeyboardEvent): void {
  if (key === 'Escape') open?.hide();
}

function pressElsewhere(event: Event): void {
  if (open && !event.composedPath().includes(open)) open.hide();
}
