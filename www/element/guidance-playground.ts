// <guidance-playground>: the figure as a page sees it. Small, and without anything of the instrument until that comes near the
// window: then it is fetched, and put in place of the poster.
import type { PlaygroundInstrument } from '../elements/playground-instrument.js';
import type { DataType, ImageType, Patience } from '../export/request.js';
import type { State } from '../state/state.js';
import type { Metrics } from '../../pkg/guidance_playground.js';
import { onSurroundings, surroundingsOf, tellThemeChange, type Theme } from '../theme.js';
import { attributes, engines, type FigureProperties, type FigureProperty } from './attributes.js';
import { chooseGroups } from './groups.js';
import { FigureEvent, type FigureEvents } from './news.js';
import { reservedHeight } from './reserve.js';
import { sheet } from './style.js';

/** How far out of the window a figure is got ready. */
const nearness = '600px 0px';

const names = Object.keys(attributes) as FigureProperty[];
const stateNames = names.filter((name) => attributes[name].state);

/** Loads the instrument. */
const fetchInstrument = () => import('../elements/playground-instrument.js');

export interface GuidancePlayground extends FigureProperties {}

/**
 * A live figure: guidance schemes side by side on the same noise.
 *
 * Attributes, properties and events are described in docs/embedding.md. What stands in its slot `poster` is seen until the
 * figure is there; any other content is for readers without JavaScript.
 */
export class GuidancePlayground extends HTMLElement {
  static readonly observedAttributes: readonly string[] = names;

  readonly #poster = document.createElement('div');
  readonly #image = document.createElement('img');
  readonly #note = document.createElement('div');
  readonly #link = document.createElement('a');
  /** What was asked for by properties, which come before attributes. */
  readonly #given = new Map<FigureProperty, unknown>();
  /** What has been asked for since the instrument is there, and it has not been told yet. */
  readonly #news = new Set<FigureProperty>();
  #instrument: PlaygroundInstrument | null = null;
  #loading: Promise<PlaygroundInstrument> | null = null;
  /** Off the page, perhaps only on the way to another place of it. */
  #leaving = 0;
  /** The state in which it was taken off the page. */
  #kept: string | null = null;
  #theme: Theme | null = null;
  /** The colour that it stands on, where its own suit that. */
  #ground: string | null = null;
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
    if (this.#instrument) return;
    // The page is about it.
    if (this.#is('address')) void this.#load().catch(() => {});
    else this.#near.observe(this);
  }

  disconnectedCallback(): void {
    this.#stopLooking();
    this.#near.disconnect();
    this.#leaving = window.setTimeout(() => {
      this.#kept = this.#instrument?.text ?? this.#kept;
      this.#instrument?.remove();
      this.#instrument = null;
      this.#loading = null;
      this.#showPoster(true);
    });
  }

  attributeChangedCallback(name: FigureProperty, before: string | null, after: string | null): void {
    if (before === after) return;
    this.#given.delete(name);
    this.#remember(name);
  }

  /** The state now, as plain data; null before the instrument is there. */
  get settings(): State | null {
    return this.#instrument ? structuredClone(this.#instrument.currentState) : null;
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

  async setState(state: string | Partial<FigureProperties>): Promise<void> {
    (await this.#load()).ask(typeof state === 'string' ? fragment(state) : new Map(Object.entries(state).map(([name, value]) => [name, textOf(value)])));
  }

  async metrics(): Promise<(Metrics | null)[]> {
    return (await this.#load()).metrics();
  }

  async exportImage(type: ImageType = 'png', patience: Patience = {}): Promise<Blob> {
    return (await this.#load()).exportImage(type, patience);
  }

  async exportData(type: DataType = 'json', patience: Patience = {}): Promise<Blob> {
    return (await this.#load()).exportData(type, patience);
  }

  /** Text of an attribute or a property; null where there is neither. */
  #asked(name: FigureProperty): string | null {
    if (this.#given.has(name)) {
      const value = this.#given.get(name);
      return value === null || value === undefined ? null : textOf(value);
    }
    const text = this.getAttribute(name);
    return text === '' && attributes[name].boolean ? '1' : text;
  }

  /** Of an attribute without a value, or with anything but a refusal. */
  #is(name: FigureProperty): boolean {
    const text = this.#asked(name);
    return text !== null && text !== '0' && text !== 'false';
  }

  static {
    for (const name of names) {
      Object.defineProperty(this.prototype, name, {
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

  #get(name: FigureProperty): unknown {
    if (name === 'state') return this.#instrument?.text ?? this.#kept ?? this.#asked('state') ?? '';
    return this.#given.get(name) ?? (attributes[name].boolean ? this.#is(name) : this.getAttribute(name));
  }

  #set(name: FigureProperty, value: unknown): void {
    this.#given.set(name, value);
    this.#remember(name);
  }

  #takeOver(name: FigureProperty): void {
    if (!Object.hasOwn(this, name)) return;
    const value = (this as Record<string, unknown>)[name];
    delete (this as Record<string, unknown>)[name];
    this.#set(name, value);
  }

  /** Tells the instrument, once for all that is changed in one go. */
  #remember(name: FigureProperty): void {
    if (this.#news.size === 0) queueMicrotask(() => this.#pass());
    this.#news.add(name);
  }

  #pass(): void {
    const news = [...this.#news];
    this.#news.clear();
    if (!this.isConnected) return;
    this.#dress();
    this.#wearTheme();
    const instrument = this.#instrument;
    if (!instrument) return;
    const asked = news.includes('state') ? fragment(this.#asked('state') ?? '') : new Map<string, string>();
    for (const name of stateNames) {
      const text = news.includes(name) ? this.#asked(name) : null;
      if (text !== null) asked.set(name, text);
    }
    try {
      if (asked.size > 0) instrument.ask(asked);
    } catch (thrown) {
      this.#fail(thrown);
    }
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
    if (this.#instrument) this.#furnish(this.#instrument);
  }

  #furnish(instrument: PlaygroundInstrument): void {
    instrument.setAttribute('aria-label', this.#label);
    instrument.home = this.#asked('home');
    try {
      instrument.groups = chooseGroups(this.#asked('show') ?? '', this.#asked('hide') ?? '');
    } catch (thrown) {
      this.#fail(thrown);
    }
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
    const ground = theme === around.theme ? around.background : null;
    if (theme === this.#theme && ground === this.#ground) return;
    [this.#theme, this.#ground] = [theme, ground];
    for (const part of [this.#poster, this.#note, this.#instrument]) if (part) this.#colour(part);
    tellThemeChange();
  }

  #colour(part: HTMLElement): void {
    part.style.colorScheme = this.#theme ?? '';
    part.style.setProperty('--ground', this.#ground);
  }

  #load(): Promise<PlaygroundInstrument> {
    this.#near.disconnect();
    this.#loading ??= fetchInstrument().then(
      ({ PlaygroundInstrument }) => this.#open(new PlaygroundInstrument()),
      (thrown: unknown) => {
        this.#loading = null;
        const failure = { code: 'figure-unavailable', message: 'The figure could not be loaded.', advice: 'Check the connection, then try again.' };
        console.error(thrown);
        this.#fail(failure);
        throw Object.assign(new Error(failure.message), failure);
      },
    );
    return this.#loading;
  }

  #open(instrument: PlaygroundInstrument): PlaygroundInstrument {
    this.#instrument = instrument;
    const asked = fragment(this.#kept ?? this.#asked('state') ?? '');
    // What a visitor had changed comes back as it was; otherwise attributes come over the state.
    if (this.#kept === null) {
      for (const name of stateNames) {
        const text = this.#asked(name);
        if (text !== null) asked.set(name, text);
      }
    }
    const engine = engines.find((each) => each === this.#asked('engine')) ?? 'auto';
    instrument.beginning = { asked, engine, address: this.#is('address'), autoplay: this.#is('autoplay') };
    instrument.tell = (type, detail) => this.#tell(type, detail);
    instrument.role = 'group';
    instrument.wholePage = this.#is('address');
    this.#colour(instrument);
    this.#furnish(instrument);
    this.#note.replaceChildren();
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

  #tell<T extends keyof FigureEvents>(type: T, detail: FigureEvents[T]): void {
    if (type === 'composed') {
      this.#showPoster((detail as FigureEvents['composed']).failed);
      this.#poster.classList.remove('before');
    } else {
      if (type === 'change') this.#pointLink();
      this.dispatchEvent(new FigureEvent(type, { detail }));
    }
  }

  #fail(thrown: unknown): void {
    const { code = 'invalid', message, advice = '' } = thrown as { code?: string; message: string; advice?: string };
    const sentence = document.createElement('p');
    sentence.textContent = `${message} ${advice}`.trim();
    this.#note.replaceChildren(sentence);
    if (code === 'figure-unavailable') {
      const again = document.createElement('button');
      again.textContent = 'Try again';
      again.onclick = () => void this.#load().catch(() => {});
      this.#note.append(again);
    }
    this.dispatchEvent(new FigureEvent('error', { detail: { code, message, advice } }));
  }
}

/** What a state's text asks for; the instrument checks it. */
function fragment(text: string): Map<string, string> {
  return new Map(new URLSearchParams(text.replace(/^#/, '').replaceAll('+', '%2B')));
}

/** As attributes and addresses write it. */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object') ? JSON.stringify(value) : value.join();
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([field, part]) => `~${field}:${typeof part === 'string' ? part : JSON.stringify(part)}`)
    .join('');
}

declare global {
  interface HTMLElementTagNameMap {
    'guidance-playground': GuidancePlayground;
  }
}

// A page may have the module twice.
if (!customElements.get('guidance-playground')) customElements.define('guidance-playground', GuidancePlayground);
