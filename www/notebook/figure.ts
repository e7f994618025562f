// The figure as a widget of a notebook: what python/guidance_playground/notebook.py sets is asked of the element, and what becomes of
// it is told back, each under the element's own name.
import { attributes, type EmbedProperty } from '../embed/attributes.js';
import '../embed/guidance-playground.js';
import type { GuidancePlayground } from '../embed/guidance-playground.js';
import type { PlaneEngine } from '../plane/engine/engine.js';
import { writeSchemes } from '../scheme/address.js';
import { askedBy } from '../state/address.js';
import { wishOf } from '../state/changes.js';
export { take } from './files.js';

/** What anywidget hands a view of its model. */
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, listener: (message: never) => void): void;
}
interface Widget {
  model: Model;
  el: HTMLElement;
}

const names = Object.keys(attributes) as EmbedProperty[];
/** What is read once: as part of a state it is never written. */
const once: readonly EmbedProperty[] = ['preset', 'panels', 'sigma'];
/** Milliseconds that it has to be at rest before particles are sent: not each of those that a hand drags past. */
const rest = 150;

export function render({ model, el }: Widget): () => void {
  const view = new View(model, el);
  return () => view.leave();
}

class View {
  readonly #figure = document.createElement('guidance-playground');
  /** What both sides know, as JSON, by its name: it is neither asked nor told again. */
  readonly #known = new Map<string, string>();
  readonly #stopLooking: () => void;
  #frame = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #results = 0;
  #ready = false;

  constructor(
    private readonly model: Model,
    private readonly el: HTMLElement,
  ) {
    for (const name of names) {
      if (model.get(name) === undefined) continue;
      if (!model.get('ready') || !once.includes(name)) this.#ask(name);
      model.on(`change:${name}`, () => this.#ask(name));
    }
    model.on('msg:custom', ({ call }: { call: 'play' | 'pause' }) => void this.#figure[call]().catch(() => {}));
    // It is live until then.
    model.on('comm_live_update', () => void this.#freeze());
    this.#stopLooking = onHostsTheme(() => this.#wearTheme());
    model.on('change:theme', () => this.#wearTheme());
    this.#wearTheme();
    const figure = this.#figure;
    figure.addEventListener('ready', () => {
      this.#ready = true;
      this.#moved();
    });
    figure.addEventListener('change', () => this.#moved());
    figure.addEventListener('frame', () => this.#moved());
    figure.addEventListener('enginechange', ({ detail }) => this.#tell({ backend: detail }));
    figure.addEventListener('error', ({ detail }) => {
      this.#tell({ failure: detail });
      // What was refused is not what it has.
      this.#moved();
    });
    el.replaceChildren(figure);
  }

  leave(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#resting);
    this.#results++;
    this.#stopLooking();
    this.#figure.remove();
  }

  #ask(name: EmbedProperty): void {
    const value = this.model.get(name) ?? null;
    const text = JSON.stringify(value);
    if ((this.#known.get(name) ?? 'null') === text) return;
    this.#known.set(name, text);
    this.#tell({ failure: null });
    this.#figure[name] = value as never;
  }

  #tell(parts: object): void {
    let changed = false;
    for (const [name, value] of Object.entries(parts)) {
      const text = JSON.stringify(value);
      if ((this.#known.get(name) ?? 'null') === text) continue;
      this.#known.set(name, text);
      this.model.set(name, value);
      changed = true;
    }
    if (changed) this.model.save_changes();
  }

  /** Tells where it is, once a frame, and what has come of it once it is at rest. */
  #moved(): void {
    if (!this.#ready) return;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#figure.instrument) this.#tell({ ...partsOf(this.#figure), ready: true });
    });
    this.#results++;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (this.#figure.settings?.playback.playing) this.#moved();
      else void this.#tellResults().catch(() => {});
    }, rest);
  }

  /** Python waits for what is sampled as a script does: out of sight, too, once the figure was seen. */
  async #tellResults(): Promise<void> {
    const results = ++this.#results;
    const metrics = await this.#figure.metrics();
    const { instrument, settings } = this.#figure;
    if (!instrument || !settings) return;
    const engine = instrument.engine as PlaneEngine;
    const step = Math.round(settings.playback.position);
    const ends = await Promise.all(settings.panels.map(({ id }) => engine.positions(id, step)));
    if (results !== this.#results) return;
    const { particles } = settings.sampling;
    const all = new Float32Array(2 * particles * ends.length).fill(Number.NaN);
    ends.forEach((end, panel) => end && all.set(end, 2 * particles * panel));
    this.model.set('positions', { shape: [ends.length, particles, 2], data: new DataView(all.buffer) });
    this.model.set('metrics', metrics);
    this.model.save_changes();
  }

  /** Without a kernel nobody is told anything: a picture of what was seen stays, and its workers end. */
  async #freeze(): Promise<void> {
    // One that was never seen is not loaded for that.
    const picture = this.#figure.instrument && (await this.#figure.exportImage('svg').catch(() => null));
    this.leave();
    const sentence = document.createElement('p');
    sentence.textContent = 'The kernel of this figure is gone: run its cell again.';
    this.el.replaceChildren(sentence);
    if (!picture) return;
    const image = document.createElement('img');
    image.src = URL.createObjectURL(picture);
    image.alt = String(this.model.get('label') ?? 'Guidance Playground');
    this.el.prepend(image);
  }

  #wearTheme(): void {
    const asked = this.model.get('theme') ?? 'auto';
    this.#figure.theme = ((asked === 'auto' && hostsTheme()) || asked) as GuidancePlayground['theme'];
  }
}

/** The state of a figure, by the names that Python has for its parts. */
function partsOf(figure: GuidancePlayground): object {
  const { instrument, settings, state } = figure;
  const { panels, sampling, playback, look, linked } = settings!;
  const written = askedBy(state);
  const numbers = (name: string) => written.get(name)?.split(',').map(Number) ?? null;
  return {
    state,
    schemes: panels.map((panel) => writeSchemes(instrument!.lab.schemes, [wishOf(panel)])),
    distribution: sampling.distribution,
    levels: sampling.levels,
    seed: sampling.seed,
    particles: sampling.particles,
    view: numbers('view'),
    follow: look.followNoise,
    paths: look.paths,
    coverage: look.coverage,
    shading: written.get('shading') ?? null,
    field: look.field,
    cut: numbers('cut'),
    lit: linked,
    step: Math.round(playback.position),
  };
}

/** Light or dark where the notebook says so, and what it stands on is another frame's: VS Code and Colab. */
function hostsTheme(): 'light' | 'dark' | null {
  const said = document.body.dataset['vscodeThemeKind'] ?? document.documentElement.getAttribute('theme');
  return said === null || said === undefined ? null : said.includes('light') ? 'light' : 'dark';
}

function onHostsTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ['theme', 'data-vscode-theme-kind'] });
  }
  return () => observer.disconnect();
}
