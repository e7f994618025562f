// What undo and redo go back and forth between: schemes and what they are sampled with, not how that is looked at. A drag is one
// change.
import { setPlayback } from './changes.js';
import type { State } from './state.js';

type Document = Pick<State, 'panels' | 'sampling'>;

/** Steps that can be taken back. */
const depth = 200;

export class History<S extends State = State> {
  #past: Document[] = [];
  #future: Document[] = [];
  #now: Document;
  /** The hand that made the latest step. */
  #hand: symbol | null = null;

  constructor(state: S) {
    this.#now = documentOf(state);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Notes what has come to rest, if it is something else than before. All that one hand changes until it lets go is one step. */
  settle(state: S, hand: symbol | null = null): void {
    const next = documentOf(state);
    if (isEqual(next, this.#now)) return;
    if (hand === null || hand !== this.#hand) this.#past = [...this.#past, this.#now].slice(-depth);
    this.#future = [];
    this.#now = next;
    this.#hand = hand;
    // Brought back to where it began.
    if (hand !== null && this.#past.length > 0 && isEqual(next, this.#past.at(-1)!)) {
      this.#past.pop();
      this.#hand = null;
    }
  }

  /** Takes a change as if it had always been so: what the page itself decides cannot be undone. */
  amend(state: S): void {
    this.#now = documentOf(state);
  }

  undo(state: S): S {
    return this.#go(state, this.#past, this.#future);
  }

  redo(state: S): S {
    return this.#go(state, this.#future, this.#past);
  }

  #go(state: S, from: Document[], to: Document[]): S {
    const document = from.pop();
    if (!document) return state;
    to.push(this.#now);
    this.#now = document;
    this.#hand = null;
    const { steps } = document.sampling.levels;
    const share = state.playback.position / state.sampling.levels.steps;
    return setPlayback({ ...state, ...document }, { position: Math.round(share * steps) });
  }
}

function documentOf({ panels, sampling }: State): Document {
  return { panels, sampling };
}

function isEqual(one: Document, other: Document): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
