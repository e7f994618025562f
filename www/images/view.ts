// What an instrument shows of pictures: its panels' grids, what is known of the one that is pointed at, and true ones.
import { html } from 'lit';
import type { ImagesEstimates } from '../../pkg/images/guidance_playground.js';
import type { LabView, PanelPicture as Picture, ViewKinds } from '../lab/lab.js';
import { link, setLook } from '../state/changes.js';
import type { Session } from '../state/session.js';
import type { Frame, ImagesRecord } from './engine/backend.js';
import { Answer } from './picture/answers.js';
import './picture/picture-grid.js';
import type { PictureAt, PictureEnlarged } from './picture/picture-grid.js';
import './picture/picture-reading.js';
import type { Details } from './picture/picture-reading.js';
import './picture/picture-shares.js';
import { distanceOf, wordsOf } from './picture/reading.js';
import { TruePictures, type TruePicture } from './picture/true-pictures.js';
import './picture/truth-strip.js';
import { shown } from './prompt/remarks.js';
import { wordsOfPrompt } from './state/lab.js';
import type { ImagesKinds } from './state/kinds.js';
import type { Shown } from './state/look.js';

/** What all panels show, and what is known here of the picture that is pointed at. */
export interface ImagesSeen {
  /** The picture that is pointed at, or lit; null if none is. */
  lit: number | null;
  /** All pictures as the panel draws them, as data; null before there are any. */
  drawn: Float32Array | null;
  /** As the first panel does; null of the first, or where it has another number of pictures. */
  first: Float32Array | null;
  /** What each is read as, in words; empty before that is known. */
  readings: readonly string[];
  details: Details | null;
}

export interface ImagesViewKinds extends ImagesKinds, ViewKinds {
  config: ImagesKinds['config'];
  metrics: ImagesKinds['metrics'];
  backend: ImagesKinds['backend'];
  sampling: ImagesKinds['sampling'];
  look: ImagesKinds['look'];
  engine: ImagesKinds['engine'];
  seen: ImagesSeen;
  view: ImagesView;
}

type ImagesPanelPicture = Picture<ImagesViewKinds>;

/** What is asked about a panel. */
interface Asked {
  /** Of all its pictures, where the panel shows what a model estimates. */
  all: Answer<ImagesEstimates>;
  /** Of the one that is pointed at. */
  one: Answer<ImagesEstimates>;
}

/** What a panel draws at a moment. */
interface Moment {
  run: ImagesRecord;
  step: number;
  frame: Frame;
  /** Of a picture. */
  numbers: number;
  /** Asks for estimates of some pictures. */
  ask: (first: number, count: number) => (signal: AbortSignal) => Promise<ImagesEstimates>;
  drawn: Float32Array | null;
}

/** What is drawn of all pictures; null before it is known, or where there is no guide. */
function estimated(shows: Shown, frame: Frame, estimates: ImagesEstimates | null): Float32Array | null {
  if (shows === 'picture') return frame.data;
  if (shows === 'guided') return frame.estimates;
  return estimates?.[shows] ?? null;
}

export class ImagesView implements LabView<ImagesViewKinds> {
  readonly fetched = Promise.resolve();
  readonly remark = '';
  readonly truePictures: TruePictures;
  /** The picture that is pointed at; null where none is. */
  #pointed: number | null = null;
  readonly #asked = new Map<number, Asked>();

  constructor(
    private readonly session: Session<ImagesKinds>,
    private readonly changed: () => void,
  ) {
    this.truePictures = new TruePictures(() => this.session.engine, changed);
  }

  get showing(): boolean {
    return this.session.engine?.world != null;
  }

  /** The picture that is pointed at, or else lit; null if none is. */
  get lit(): number | null {
    return this.#pointed ?? this.session.settings.linked[0] ?? null;
  }

  prepare(): void {
    const ids = this.session.settings.panels.map(({ id }) => id);
    for (const id of this.#asked.keys()) if (!ids.includes(id)) this.#asked.delete(id);
  }

  forget(): void {
    this.#pointed = null;
  }

  renderSubject({ prompt }: ImagesKinds['sampling']) {
    return html`<p class="subject">Pictures of <q>${shown(wordsOfPrompt(prompt)) || 'anything'}</q></p>`;
  }

  seen(panel: number): ImagesSeen {
    const { lit } = this;
    const at = this.#at(panel);
    if (!at) return { lit, drawn: null, first: null, readings: [], details: null };
    const { panels } = this.session.settings;
    const first = panels[0]!.id === panel ? null : (this.#at(panels[0]!.id)?.drawn ?? null);
    const { drawn, run } = at;
    const found = this.truePictures.get((run.metrics?.readings ?? []).flatMap((reading) => (reading ? [reading.picture] : [])));
    const readings = (run.metrics?.readings ?? []).map((reading) => {
      const picture = reading && found.get(reading.picture);
      return reading && picture ? `${wordsOf(picture.picture)}, ${distanceOf(reading)}` : '';
    });
    const alike = first !== null && first.length === drawn?.length;
    return { lit, drawn, first: alike ? first : null, readings, details: this.#details(panel, at, readings, found) };
  }

  /** What a panel draws now; null before it draws anything. */
  #at(panel: number): Moment | null {
    const { engine, settings } = this.session;
    const run = engine?.runs(panel).shown ?? null;
    if (!engine?.world || !run?.started) return null;
    const step = Math.floor(Math.min(settings.playback.position, run.stepsDone));
    const frame = engine.frame(panel, step);
    if (!frame) return null;
    const { shows } = settings.look;
    const { numbers } = engine.world;
    const ask = (first: number, count: number) => (signal: AbortSignal) => {
      const data = frame.data.slice(first * numbers, (first + count) * numbers);
      return engine.ask({ type: 'estimates', config: run.config, first, data, step }, signal);
    };
    const asked = shows === 'main' || shows === 'guide';
    const all = asked ? this.#askedOf(panel).all.get(String(run.id), `of step ${step}`, ask(0, run.config.pictures)) : null;
    return { run, step, frame, numbers, ask, drawn: estimated(shows, frame, all) };
  }

  /** Of the picture that is pointed at or lit, or else of the first. */
  #details(panel: number, at: Moment, readings: readonly string[], found: ReadonlyMap<number, TruePicture>): Details {
    const { run, step, frame, numbers, ask } = at;
    const { lit } = this;
    const number = Math.min(lit ?? 0, run.config.pictures - 1);
    const asked = this.#askedOf(panel).one;
    // Nobody has asked about a picture before one is pointed at.
    const one = lit === number ? asked.get(String(run.id), `of ${number} at step ${step}`, ask(number, 1)) : null;
    const fresh = asked.isFresh ? one : null;
    const reading = run.metrics?.readings[number] ?? null;
    return {
      number: number + 1,
      here: part(frame.data, number, numbers),
      nearest: (reading && found.get(reading.picture)?.data) ?? null,
      asked: lit === number,
      main: fresh?.main ?? null,
      guide: fresh?.guide ?? null,
      guided: fresh?.guided ?? part(frame.estimates, number, numbers),
      reading: readings[number] ? `At the end read as ${readings[number]}` : '',
    };
  }

  renderPicture({ number, state, engine, run, seen, label, stale, poster }: ImagesPanelPicture) {
    const blank = state.look.shows === 'guide' && run && !run.config.scheme.guide;
    return html`<gp-picture-grid
      .world=${engine?.world ?? null}
      .data=${seen.drawn}
      .count=${run?.config.pictures ?? state.sampling.pictures}
      .lit=${seen.lit}
      ?large=${state.look.large}
      .first=${seen.first}
      .readings=${stale ? [] : seen.readings}
      name="panel ${number}"
      label=${blank ? `${label}; there is no guide to be seen` : label}
      @picture-at=${(event: PictureAt) => this.#point(event)}
      @picture-enlarged=${(event: PictureEnlarged) => this.#enlarge(event)}
      >${poster}</gp-picture-grid
    >`;
  }

  renderBelow({ panel, engine, run, seen, state }: ImagesPanelPicture) {
    return html`<gp-picture-reading
        .world=${engine?.world ?? null}
        .details=${seen.details}
        ?guided=${panel.scheme.guide !== null}
      ></gp-picture-reading>
      ${state.look.shares ? html`<gp-picture-shares .result=${run?.metrics ?? null}></gp-picture-shares>` : ''}`;
  }

  /** Perfect samples of the prompt, below the panels. */
  renderReference(sampling: ImagesKinds['sampling']) {
    const { engine } = this.session;
    return html`<gp-truth-strip
      .engine=${engine}
      .world=${engine?.world ?? null}
      prompt=${wordsOfPrompt(sampling.prompt)}
      .seed=${sampling.seed}
      .count=${sampling.pictures}
    ></gp-truth-strip>`;
  }

  #askedOf(panel: number): Asked {
    let asked = this.#asked.get(panel);
    if (!asked) {
      asked = { all: new Answer(this.changed), one: new Answer(this.changed) };
      this.#asked.set(panel, asked);
    }
    return asked;
  }

  #enlarge({ picture, large }: PictureEnlarged): void {
    const { lab } = this.session;
    this.session.change((now) => setLook(lab, large && picture !== null ? link(lab, now, [picture]) : now, { large }));
  }

  #point({ picture, pressed }: PictureAt): void {
    if (pressed) {
      this.#pointed = null;
      this.session.change((now) => link(this.session.lab, now, picture === null || now.linked[0] === picture ? [] : [picture]));
    } else if (picture !== this.#pointed) {
      this.#pointed = picture;
      this.changed();
    }
  }
}

function part(data: Float32Array | null, picture: number, numbers: number): Float32Array | null {
  return data && (data.length >= (picture + 1) * numbers ? data.subarray(picture * numbers, (picture + 1) * numbers) : null);
}
