// The pointer on the pictures: which particle it means, which are picked, and what is known of them in every panel.
import type { Point } from '../drawing/navigation.js';
import type { PlaneRecord } from '../engine/backend.js';
import type { Failure } from '../../engine/types.js';
import { findForces, isAlike, type Forces, type ForcesWanted, type FoundForces, type Place } from '../explanation/forces.js';
import { Latest } from '../../engine/latest.js';
import { link, toggleLink } from '../../state/changes.js';
import { Lighting, nearest, placeOf, some, within } from './lighting.js';
import type { Lit } from '../drawing/lit-shapes.js';
import type { Session } from '../../state/session.js';
import type { PlaneKinds } from '../state/kinds.js';

/** What pulls in a panel at the place that is pointed at. */
export interface Pull extends Place {
  /** Null until it is known. */
  forces: Forces | Failure | null;
}

export class Pointing {
  /** Where the pointer rests on a picture, in data coordinates. */
  point: Point | null = null;
  /** The particle that it means. */
  #meant: number | null = null;
  #lighting: Lighting | null = null;
  readonly #forces: Latest<ForcesWanted, FoundForces>;
  /** What was asked last of the forces. */
  #asked: ForcesWanted | null = null;
  /** Positions that were last looked at, since a pointer moves more often than particles. */
  #seen: { record: PlaneRecord; step: number; positions: Promise<Float32Array | null> } | null = null;

  constructor(
    private readonly session: Session<PlaneKinds>,
    private readonly changed: () => void,
  ) {
    this.#forces = new Latest(findForces, changed);
  }

  /** Particles that stay lit, and the one pointed at. */
  get particles(): number[] {
    const { linked, sampling } = this.session.settings;
    const meant = this.#meant;
    if (meant === null || meant >= sampling.particles || linked.includes(meant)) return linked;
    return [...linked, meant];
  }

  /** What is known of them in a panel. */
  lit(panel: number): Lit | null {
    const { engine } = this.session;
    if (!engine) return null;
    if (this.#lighting?.engine !== engine) this.#lighting = new Lighting(engine, this.changed);
    return this.#lighting.of(panel, this.session.runs(panel).shown, this.particles);
  }

  /** Why something of them is not known, in a sentence. */
  get failure(): string {
    return this.#lighting?.failure ?? '';
  }

  /**
   * What pulls in each panel, where forces are shown: at the pointer, or else where the only particle is that is lit. What is
   * not known yet is asked for all panels at once, in place of what was asked of another place.
   */
  pulls(): ReadonlyMap<number, Pull> {
    const { engine } = this.session;
    const places = this.#places();
    if (!engine || places.size === 0) {
      if (this.#asked) this.#forces.stop();
      this.#asked = null;
      return new Map();
    }
    const wanted = { engine, places };
    if (!this.#asked || !isAlike(this.#asked, wanted)) {
      this.#asked = wanted;
      this.#forces.stop();
      this.#forces.want(wanted, true);
    }
    const { found, failure } = this.#forces;
    return new Map(Array.from(places, ([panel, place]) => [panel, { ...place, forces: failure ?? found?.get(panel) ?? null }]));
  }

  #places(): Map<number, Place> {
    const { look, linked, playback, panels, sampling } = this.session.settings;
    if (look.tool !== 'point' || playback.playing || !this.session.engine) return new Map();
    const places = panels.flatMap((panel): [number, Place][] => {
      const { shown } = this.session.runs(panel.id);
      if (!shown?.started) return [];
      const position = Math.min(playback.position, shown.stepsDone);
      const lit = !this.point && linked.length === 1 ? this.lit(panel.id) : null;
      const point = this.point ?? (lit && placeOf(lit, 0, position));
      return point ? [[panel.id, { config: this.session.lab.runConfig(panel, sampling), step: Math.round(position), point }]] : [];
    });
    return new Map(places);
  }

  /** The pointer has moved. */
  async rest(panel: number, point: Point | null, reach: number): Promise<void> {
    this.point = point;
    this.changed();
    const positions = point && (await this.#positions(panel));
    // It has moved on meanwhile.
    if (this.point !== point) return;
    const meant = positions ? nearest(positions, point!, reach) : null;
    if (meant === this.#meant) return;
    this.#meant = meant;
    this.changed();
  }

  /** What was pointed at is of another picture now. */
  forget(): void {
    this.point = null;
    this.#meant = null;
  }

  /** A place was pressed, or particles were encircled. */
  async pick(panel: number, outline: Point[], reach: number, besides: boolean): Promise<void> {
    const positions = await this.#positions(panel);
    const { lab } = this.session;
    if (!positions) return;
    if (outline.length > 1) {
      const found = some(within(positions, outline), lab.samples.mostLit);
      return this.session.change((now) => link(lab, now, found, besides));
    }
    const found = nearest(positions, outline[0]!, reach);
    if (found !== null) this.session.change((now) => toggleLink(lab, now, found));
  }

  /** Where a panel's particles are at this moment; null while they are on their way. */
  async #positions(panel: number): Promise<Float32Array | null> {
    const { playback } = this.session.settings;
    const record = this.session.runs(panel).shown;
    if (playback.playing || !record?.started) return null;
    const step = Math.min(Math.round(playback.position), record.stepsDone);
    if (this.#seen?.record !== record || this.#seen.step !== step) {
      this.#seen = { record, step, positions: record.backend.positions(record, step) };
    }
    return this.#seen.positions;
  }
}
