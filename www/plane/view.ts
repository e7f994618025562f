// What an instrument shows of the plane: its panels' pictures, what is laid over them, and the hand on both.
import { html, nothing } from 'lit';
import type { View } from '../../pkg/guidance_playground.js';
import { properties } from '../controls/properties.js';
import type { LabView, PanelPicture as Picture, ViewKinds } from '../lab/lab.js';
import { setLook } from '../state/changes.js';
import type { Session } from '../state/session.js';
import type { Lit } from './drawing/lit-shapes.js';
import './picture/panel-picture.js';
import type { CutChange, PanelPicture, Picked, PointAt, ViewChange } from './picture/panel-picture.js';
import { sceneOf, Seen } from './picture/seen.js';
import type { Pointing, Pull } from './pointing/pointing.js';
import type { LookState } from './state/look.js';
import type { PlaneKinds } from './state/kinds.js';

/** What all panels show of the plane, and what is known here of what is pointed at. */
export interface PlaneSeen {
  /** The part of the plane that is seen; null until the core is loaded. */
  view: View | null;
  /** The part of it that the data are in; null until that is known. */
  overview: View | null;
  /** The particles that are lit; null until they are known here. */
  lit: Lit | null;
  /** What pulls at the place that is pointed at; null where nobody points. */
  pull: Pull | null;
}

export interface PlaneViewKinds extends PlaneKinds, ViewKinds {
  config: PlaneKinds['config'];
  metrics: PlaneKinds['metrics'];
  backend: PlaneKinds['backend'];
  sampling: PlaneKinds['sampling'];
  look: PlaneKinds['look'];
  engine: PlaneKinds['engine'];
  seen: PlaneSeen;
  view: PlaneView;
}

type PlanePicture = Picture<PlaneViewKinds>;

/** Of words at the lower edge of a picture, above lit paths. */
const beneath = {
  inset: 'auto 0 0',
  'z-index': '1',
  padding: 'var(--space-1) var(--space-2)',
  'pointer-events': 'none',
  background: 'color-mix(in srgb, var(--surface) 88%, transparent)',
};

export class PlaneView implements LabView<PlaneViewKinds> {
  readonly parts: Seen;
  /** There once somebody points, or something is lit. */
  pointing: Pointing | null = null;
  #hands: Promise<Pointing> | null = null;
  #overlays: Promise<unknown> | null = null;
  /** What pulls in the panels, as it is rendered. */
  #pulls: ReadonlyMap<number, Pull> = new Map();

  constructor(
    private readonly session: Session<PlaneKinds>,
    private readonly changed: () => void,
  ) {
    this.parts = new Seen(session);
  }

  get fetched(): Promise<unknown> {
    return Promise.all([this.#overlays, this.#hands]);
  }

  /** What knows of particles that are pointed at; fetched for the first. */
  point(): Promise<Pointing> {
    this.#hands ??= import('./pointing/pointing.js').then(
      ({ Pointing }) => {
        this.pointing = new Pointing(this.session, this.changed);
        this.changed();
        return this.pointing;
      },
      (thrown) => {
        // The next to ask tries again.
        this.#hands = null;
        throw thrown;
      },
    );
    return this.#hands;
  }

  get showing(): boolean {
    return this.parts.overview !== null;
  }

  get remark(): string {
    const drawn = this.session.engine?.backend?.drawn ?? 1;
    return drawn < 1 ? `To keep up, one particle in ${1 / drawn} is drawn while pictures move.` : '';
  }

  prepare(): void {
    const { look, linked } = this.session.settings;
    this.#pulls = this.pointing?.pulls() ?? new Map();
    const lit = this.pointing?.particles ?? linked;
    if (lit.length > 0) this.point().catch(() => {});
    if (look.field || look.cut || look.coverage || lit.length > 0 || this.#pulls.size > 0) {
      this.#overlays ??= import('./overlays/all.js');
    }
  }

  forget(): void {
    this.pointing?.forget();
  }

  seen(panel: number): PlaneSeen {
    const { view, overview } = this.parts;
    return { view, overview, lit: this.pointing?.lit(panel) ?? null, pull: this.#pulls.get(panel) ?? null };
  }

  renderPicture(picture: PlanePicture) {
    const { panel, state, engine, run, seen, position, stale } = picture;
    const { view, overview, lit } = seen;
    return html`<gp-panel-picture
      .backend=${run?.backend ?? picture.backend}
      .scene=${sceneOf(run, state, view, overview, position)}
      tool=${state.look.tool}
      name="panel ${picture.number}"
      label=${picture.label}
      @view-change=${({ view }: ViewChange) => this.#look({ view })}
      @cut-change=${this.#cut}
      @point-at=${async ({ point, reach }: PointAt) => (await this.point()).rest(panel.id, point, reach)}
      @picked=${async ({ outline, reach, besides }: Picked) => (await this.point()).pick(panel.id, outline, reach, besides)}
    >
      ${picture.poster}
      ${
        state.look.coverage
          ? html`<gp-branch-coverage
            overlay
            .engine=${engine}
            .run=${run}
            .finished=${run?.finished ?? false}
            .view=${view}
          ></gp-branch-coverage>`
          : nothing
      }
      ${this.#renderExplanations(picture)}
      <gp-lit-particles .view=${view} .lit=${stale ? null : lit} .position=${position}></gp-lit-particles>
    </gp-panel-picture>`;
  }

  renderBelow({ state, engine, config, position }: PlanePicture) {
    const { cut } = state.look;
    if (!cut) return nothing;
    return html`<gp-line-cut
      .engine=${engine}
      .config=${config}
      .step=${position}
      .cut=${cut}
      @cut-change=${(change: CutChange) => {
        this.#cut(change);
        const root = (change.currentTarget as Element).getRootNode() as ShadowRoot;
        root.querySelector<PanelPicture>('gp-panel-picture')?.focus();
      }}
    ></gp-line-cut>`;
  }

  /** What is laid over the particles to show why they go where they go. */
  #renderExplanations({ state, engine, config, position, seen: { view, pull } }: PlanePicture) {
    const { field, cut } = state.look;
    return html`
      ${
        field
          ? html`<gp-field-overlay
            .engine=${engine}
            .config=${config}
            .step=${position}
            .view=${view}
            .field=${field}
          ></gp-field-overlay>`
          : nothing
      }
      ${
        pull
          ? html`<gp-force-overlay .view=${view} .forces=${pull.forces && 'sigma' in pull.forces ? pull.forces : null}></gp-force-overlay>
            <gp-force-formula ${properties(beneath)} .pull=${pull}></gp-force-formula>`
          : nothing
      }
      ${cut ? html`<gp-cut-overlay .view=${view} .cut=${cut}></gp-cut-overlay>` : nothing}
    `;
  }

  readonly #cut = ({ cut }: CutChange) => this.#look({ cut });

  #look(change: Partial<LookState>): void {
    this.session.change((now) => setLook(this.session.lab, now, change));
  }
}
