// The pointer on the pictures: which particle it means, which are picked, and what is known of them in every panel.
import type { Point } from '../drawing/navigation.js';
import type { RunRecord } from '../engine/run-record.js';
import { link, toggleLink } from './changes.js';
import { Lighting, nearest, placeOf, some, within, type Lit } from './lighting.js';
import type { Session } from './session.js';
import { mostLinked } from './state.js';

export class Pointing {
  /** Where the pointer rests on a picture, in data coordinates. */
  point: Point | null = null;
  /** The particle that it means. */
  #meant: number | null = null;
  #lighting: Lighting | null = null;
  /** Positions that were last looked at, since a pointer moves more often than particles. */
  #seen: { record: RunRecord; step: number; positions: Promise<Float32Array | null> } | null = null;

  constructor(
    private readonly session: Session,
    private readonly changed: () => void,
  ) {}

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

  /** Where a panel shows forces: at the pointer, or else where the only particle is that is lit. */
  forces(panel: number): Point | null {
    const { look, linked, playback } = this.session.settings;
    if (look.tool !== 'point' || playback.playing) return null;
    if (this.point) return this.point;
    const lit = linked.length === 1 ? this.lit(panel) : null;
    return lit && placeOf(lit, 0, playback.position);
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
    if (!positions) return;
    if (outline.length > 1) {
      const found = some(within(positions, outline), mostLinked);
      return this.session.change((now) => link(now, found, besides));
    }
    const found = nearest(positions, outline[0]!, reach);
    if (found !== null) this.session.change((now) => toggleLink(now, found));
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
