// <guidance-playground>: the embed as a page sees it. Small, and without anything of the instrument until that comes near the
// window: then it is fetched, and put in place of the poster. It imports nothing of the instrument but types and files of a few
// lines, or every post would load it; tests/package/first-load.mjs counts what is loaded.
import type { PlaygroundInstrument } from '../components/playground-instrument.js';
import type { DataType, ImageOptions, ImageType, Patience } from '../lab/request.js';
import type { PlaneState } from '../plane/state/state.js';
import type { Metrics } from '../../pkg/guidance_playground.js';
import { asError } from '../engine/failure.js';
import type { Lab } from '../lab/lab.js';
import { labs } from '../labs.js';
import { labNamed, usualLab } from '../state/lab-name.js';
import type { Failure } from '../engine/types.js';
import { onSurroundings, surroundingsOf, tellThemeChange, type Theme } from '../theme.js';
import { attributes, engines, textOf, themes, type EmbedProperties, type EmbedProperty } from './attributes.js';
import { chooseGroups } from '../components/groups.js';
import { EmbedEvent, type EmbedEvents } from '../components/events.js';
import { reservedHeight } from './reserved-height.js';
import { sheet } from './style.js';

/** How far out of the window an embed is got ready. */
const nearness = '600px 0px';

const names = Object.keys(attributes) as EmbedProperty[];
const stateNames = names.filter((name) => attributes[name].state);

/** Loads the instrument, and what it carries. */
const fetchInstrument = (lab: () => Promise<Lab>) => Promise.all([import('../components/playground-instrument.js'), lab()]);

type PageEvent = Exclude<keyof EmbedEvents, 'composed'>;

export interface GuidancePlayground extends EmbedProperties {
  addEventListener<T extends PageEvent>(
    type: T,
    listener: (this: GuidancePlayground, event: EmbedEvent<T>) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<T extends PageEvent>(
    type: T,
    listener: (this: GuidancePlayground, event: EmbedEvent<T>) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/**
 * A live embed: guidance schemes side by side on the same noise.
 *
 * Attributes, properties and events are described in docs/embedding.md. What stands in its slot `poster` is seen until the
 * embed is there; any other content is for readers without JavaScript.
 */
export class GuidancePlayground extends HTMLElement {
  static readonly observedAttributes: readonly string[] = names;

  readonly #poster = document.createElement('div');
  readonly #image = document.createElement('img');
  readonly #note = document.createElement('div');
  readonly #link = document.createElement('a');
  /** What was asked for by properties, which come before attributes. */
  readonly #given = new Map<EmbedProperty, unknown>();
  /** What has been asked for, and the instrument has not been told yet. */
  readonly #changed = new Set<EmbedProperty>();
  #passing = false;
  /** What of all that is asked for cannot be had, by what it is about. */
  readonly #refusals = new Map<string, Failure>();
  #instrument: PlaygroundInstrument | null = null;
  #loading: Promise<PlaygroundInstrument> | null = null;
  /** Off the page, perhaps only on the way to another place of it. */
  #leaving = 0;
  /** The state in which it was taken off the page. */
  #kept: string | null = null;
  #theme: Theme | null = null;
  /** The colour that it stands on, where its own suit that. */
  #ground: string | null = null;
  /** Whether it does not. */
  #own = false;
  #stopLooking = () => {};
  readonly #near = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#load().catch(() => {});
    },
    { rootMargin: nearness },
  );

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [sheet()];
    const slot = document.createElement('slot');
    slot.name = 'poster';
    slot.append(this.#image);
    this.#image.hidden = true;
    this.#poster.className = 'poster';
    this.#poster.part.add('poster');
    this.#poster.append(slot);
    this.#note.className = 'note';
    this.#note.role = 'status';
    this.#link.part.add('link');
    this.#link.textContent = 'Open in the Guidance Playground';
    this.#link.target = '_blank';
    this.#link.rel = 'noopener';
    this.#link.hidden = true;
    shadow.append(this.#note, this.#poster, this.#link);
  }

  connectedCallback(): void {
    // A framework may have set properties before the element was defined.
    for (const name of names) this.#takeOver(name);
    clearTimeout(this.#leaving);
    this.#leaving = 0;
    this.#dress();
    this.#stopLooking = onSurroundings(() => this.#wearTheme());
    this.#wearTheme();
    if (this.#instrument) return this.#pass();
    // The page is about it.
    if (this.#is('address')) void this.#load().catch(() => {});
    else this.#near.observe(this);
  }

  disconnectedCallback(): void {
    this.#stopLooking();
    this.#near.disconnect();
    this.#leaving = window.setTimeout(() => {
      this.#instrument?.play(false);
      this.#kept = this.#instrument?.text ?? this.#kept;
      this.#instrument?.remove();
      this.#instrument = null;
      this.#loading = null;
      this.#showPoster(true);
    });
  }

  attributeChangedCallback(name: EmbedProperty, before: string | null, after: string | null): void {
    if (before === after) return;
    this.#given.delete(name);
    this.#remember(name);
  }

  /** The state now, as plain data; null before the instrument is there. */
  get settings(): PlaneState | null {
    return this.#instrument ? (structuredClone<unknown>(this.#instrument.currentState) as PlaneState) : null;
  }

  /** The instrument behind it, once it is there. @internal Its members may change from version to version. */
  get instrument(): PlaygroundInstrument | null {
    return this.#instrument;
  }

  async play(): Promise<void> {
    (await this.#load()).play(true);
  }

  async pause(): Promise<void> {
    (await this.#load()).play(false);
  }

  async seek(step: number): Promise<void> {
    await this.setState({ step });
  }

  async setState(state: string | Partial<EmbedProperties>): Promise<void> {
    const parts = Object.entries(typeof state === 'string' ? { state } : state);
    (await this.#load()).ask(new Map(parts.map(([name, value]) => [name, textOf(value) || null])));
  }

  async metrics(): Promise<(Metrics | null)[]> {
    return (await this.#load()).metrics() as Promise<(Metrics | null)[]>;
  }

  async exportImage(type: ImageType = 'png', options: ImageOptions = {}): Promise<Blob> {
    return (await this.#load()).exportImage(type, options);
  }

  async exportData(type: DataType = 'json', patience: Patience = {}): Promise<Blob> {
    return (await this.#load()).exportData(type, patience);
  }

  /** Text of an attribute or a property; null where there is neither. */
  #asked(name: EmbedProperty): string | null {
    if (this.#given.has(name)) {
      return textOf(this.#given.get(name)) || null;
    }
    const text = this.getAttribute(name);
    return attributes[name].boolean && text === '' ? '1' : text || null;
  }

  /** Of an attribute without a value, or with anything but a refusal. */
  #is(name: EmbedProperty): boolean {
    const text = this.#asked(name);
    return text !== null && text !== '0' && text !== 'false';
  }

  static {
    for (const name of names) {
      Object.defineProperty(GuidancePlayground.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: GuidancePlayground) {
          return this.#get(name);
        },
        set(this: GuidancePlayground, value: unknown) {
          this.#set(name, value);
        },
      });
    }
  }

  #get(name: EmbedProperty): unknown {
    if (name === 'state') return this.#instrument?.text ?? this.#kept ?? this.#asked('state') ?? '';
    return this.#given.get(name) ?? (attributes[name].boolean ? this.#is(name) : this.getAttribute(name));
  }

  #set(name: EmbedProperty, value: unknown): void {
    this.#given.set(name, value);
    this.#remember(name);
  }

  #takeOver(name: EmbedProperty): void {
    if (!Object.hasOwn(this, name)) return;
    const value = (this as Record<string, unknown>)[name];
    delete (this as Record<string, unknown>)[name];
    this.#set(name, value);
  }

  /** Tells the instrument, once for all that is changed in one go. */
  #remember(name: EmbedProperty): void {
    this.#changed.add(name);
    if (this.#passing) return;
    this.#passing = true;
    queueMicrotask(() => {
      this.#passing = false;
      if (this.isConnected) this.#pass();
    });
  }

  #pass(): void {
    this.#dress();
    this.#wearTheme();
    const instrument = this.#instrument;
    if (!instrument) return;
    if (instrument.lab.id !== this.#lab) return this.#swap();
    const changed = [...this.#changed];
    const asked = this.#fresh(changed.includes('state') ? (this.#asked('state') ?? '') : null);
    if (asked.size > 0) this.#attempt('state', () => instrument.ask(asked));
  }

  /** A state with all that has been asked for since the instrument was told, or the last one left. */
  #fresh(state: string | null): Map<string, string | null> {
    const asked = new Map<string, string | null>(state === null ? [] : [['state', state]]);
    const has = (name: EmbedProperty) => this.#asked(name) !== null;
    // Panels are the first of the schemes, and those, as everything, come over a preset.
    if (this.#changed.has('panels')) this.#changed.add(has('preset') ? 'preset' : 'schemes');
    if (this.#changed.has('schemes') && has('panels')) this.#changed.add('panels');
    if (this.#changed.has('preset')) for (const name of stateNames) if (has(name)) this.#changed.add(name);
    for (const name of stateNames) if (this.#changed.has(name)) asked.set(name, this.#asked(name));
    this.#changed.clear();
    return asked;
  }

  /** What does not need the instrument, and what of it is no state. */
  #dress(): void {
    const poster = this.#asked('poster');
    this.#image.hidden = poster === null;
    if (poster !== null && this.#image.getAttribute('src') !== poster) this.#image.src = poster;
    this.#image.alt = `${this.#label}, before it is live`;
    this.#link.hidden = this.#asked('home') === null;
    this.#pointLink();
    const panels = Number(this.#asked('panels') ?? this.#asked('schemes')?.split(',').length ?? 3);
    this.#poster.style.minHeight = this.querySelector('[slot="poster"]') ? '' : `${reservedHeight(this.clientWidth, panels)}px`;
    for (const [name, possible] of [
      ['theme', themes],
      ['engine', engines],
      ['lab', Object.keys(labs)],
    ] as const) {
      const text = this.#asked(name);
      this.#attempt(name, () => {
        if (text !== null && !(possible as readonly string[]).includes(text))
          throw new Error(`There is no ${name} “${text}”; there are ${possible.join(', ')}.`);
      });
    }
    if (this.#instrument) this.#furnish(this.#instrument);
  }

  #furnish(instrument: PlaygroundInstrument): void {
    instrument.setAttribute('aria-label', this.#label);
    instrument.home = this.#asked('home');
    instrument.networks = this.#asked('networks') ?? '';
    this.#attempt('show', () => (instrument.groups = chooseGroups(this.#asked('show') ?? '', this.#asked('hide') ?? '')));
  }

  /** Tries what may be refused, which is said until it is not refused any more. */
  #attempt(about: EmbedProperty, act: () => void): void {
    try {
      act();
    } catch (thrown) {
      return this.#refuse(about, thrown, about === 'state');
    }
    if (this.#refusals.delete(about)) this.#say();
  }

  get #label(): string {
    return this.#asked('label') ?? 'Guidance Playground';
  }

  #pointLink(): void {
    const home = this.#asked('home');
    if (home !== null) this.#link.href = this.#instrument?.linkTo(home) ?? home;
  }

  #wearTheme(): void {
    const asked = this.#asked('theme');
    const around = surroundingsOf(this);
    const theme = asked === 'light' || asked === 'dark' ? asked : around.theme;
    // Of light on dark, or dark on light, the ground has to be its own.
    const own = theme !== around.theme;
    const ground = own ? null : around.background;
    if (theme === this.#theme && ground === this.#ground && own === this.#own) return;
    [this.#theme, this.#ground, this.#own] = [theme, ground, own];
    for (const part of [this.#poster, this.#note, this.#link, this.#instrument]) if (part) this.#colour(part);
    tellThemeChange();
  }

  #colour(part: HTMLElement): void {
    part.style.colorScheme = this.#theme ?? '';
    // Not even a page's own property of that name comes in.
    part.style.setProperty('--ground', this.#ground ?? 'initial');
    part.classList.toggle('own', this.#own);
  }

  #load(): Promise<PlaygroundInstrument> {
    this.#near.disconnect();
    if (!this.isConnected) return Promise.reject(asError(gone));
    if (this.#loading) return this.#loading;
    const loading: Promise<PlaygroundInstrument> = fetchInstrument(labs[this.#lab]!).then(
      ([{ PlaygroundInstrument }, lab]) => {
        if (this.#loading !== loading) throw asError(gone);
        this.#refusals.delete('embed');
        return this.#open(new PlaygroundInstrument(lab));
      },
      (thrown: unknown) => {
        console.error(thrown);
        if (this.#loading === loading) {
          this.#loading = null;
          this.#refuse('embed', unavailable);
        }
        throw asError(unavailable);
      },
    );
    return (this.#loading = loading);
  }

  /** The name of the lab that it carries: an address, where that counts, has all that is asked for. */
  get #lab(): string {
    const state = this.#kept ?? this.#asked('state') ?? '';
    const asked =
      this.#is('address') && location.hash.startsWith('#v=') ? labNamed(location.hash) : (this.#asked('lab') ?? labNamed(state));
    return Object.hasOwn(labs, asked) ? asked : usualLab;
  }

  /** Another instrument takes its place, which carries another lab. */
  #swap(): void {
    this.#instrument?.remove();
    this.#instrument = this.#loading = this.#kept = null;
    this.#showPoster(true);
    void this.#load().catch(() => {});
  }

  #open(instrument: PlaygroundInstrument): PlaygroundInstrument {
    this.#instrument = instrument;
    // What a visitor had changed comes back as it was; otherwise attributes come over the state.
    const back = this.#kept !== null && !this.#changed.has('state');
    if (!back) for (const name of stateNames) if (this.#asked(name) !== null) this.#changed.add(name);
    const asked = this.#fresh(back ? this.#kept : this.#asked('state'));
    const engine = engines.find((each) => each === this.#asked('engine')) ?? 'auto';
    instrument.beginning = { asked, engine, address: this.#is('address'), autoplay: this.#is('autoplay') && !back };
    instrument.tell = (type, detail) => this.#tell(type, detail);
    instrument.role = 'group';
    instrument.wholePage = this.#is('address');
    this.#colour(instrument);
    this.#furnish(instrument);
    this.#say();
    this.#poster.after(instrument);
    this.#pointLink();
    this.#showPoster(true);
    return instrument;
  }

  /** The poster stands before the instrument until that is put together. */
  #showPoster(is: boolean): void {
    this.#poster.classList.toggle('before', is && this.#instrument !== null);
    this.#poster.hidden = !is;
  }

  #tell<T extends keyof EmbedEvents>(type: T, detail: EmbedEvents[T]): void {
    if (type === 'composed') {
      this.#showPoster((detail as EmbedEvents['composed']).failed);
      this.#poster.classList.remove('before');
    } else if (type === 'error' && (detail as Failure).code === 'invalid') {
      this.#refuse('state', detail);
    } else {
      if (type === 'change' || type === 'frame') this.#pointLink();
      this.dispatchEvent(new EmbedEvent(type, { detail }));
    }
  }

  /** Says what cannot be had, once, or as often as it is asked for. */
  #refuse(about: string, thrown: unknown, anew = false): void {
    const {
      code = 'invalid',
      message,
      advice = 'The names and values are those of its documentation.',
    } = thrown as Partial<Failure> & Error;
    if (!anew && this.#refusals.get(about)?.message === message) return;
    const failure = { code, message, advice };
    this.#refusals.set(about, failure);
    this.#say();
    this.dispatchEvent(new EmbedEvent('error', { detail: failure }));
  }

  #say(): void {
    this.#note.replaceChildren(
      ...Array.from(this.#refusals.values(), ({ message, advice }) => {
        const sentence = document.createElement('p');
        sentence.textContent = `${message} ${advice}`;
        return sentence;
      }),
    );
    if (!this.#refusals.has('embed')) return;
    const again = document.createElement('button');
    again.textContent = 'Try again';
    again.onclick = () => void this.#load().catch(() => {});
    this.#note.append(again);
  }
}

const gone: Failure = { code: 'gone', message: 'The figure is not on the page.', advice: 'Ask again when it is.' };
const unavailable: Failure = {
  code: 'figure-unavailable',
  message: 'The figure could not be loaded.',
  advice: 'Check the connection, then try again.',
};

declare global {
  interface HTMLElementTagNameMap {
    'guidance-playground': GuidancePlayground;
  }
}

// A page may have the module twice.
if (!customElements.get('guidance-playground')) customElements.define('guidance-playground', GuidancePlayground);
