import { LitElement, css, html, nothing, svg, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { View } from '../../../pkg/guidance_playground.js';
import type { PlaneEngine } from '../engine/engine.js';
import { toFailure } from '../../engine/failure.js';
import type { Branch, Coverage } from '../engine/questions/questions.js';
import type { PlaneRecord } from '../engine/backend.js';
import type { Failure } from '../../engine/types.js';
import { describeVisits, visits } from './coverage.js';
import { describeLost } from '../../text/lost.js';

/** Every visit, the legend's order. */
const levels = [-3, -2, -1, 0, 1, 2, 3];

/** The branches of the distribution that was last asked for. */
const trees = new WeakMap<PlaneEngine, { distribution: string; branches: Promise<Branch[]> }>();

function branchesOf(engine: PlaneEngine, distribution: string): Promise<Branch[]> {
  let tree = trees.get(engine);
  if (tree?.distribution !== distribution) {
    tree = { distribution, branches: engine.ask({ type: 'branches', distribution }) };
    trees.set(engine, tree);
    // The next to ask tries again.
    tree.branches.catch(() => trees.delete(engine));
  }
  return tree.branches;
}

/**
 * The branches of class A, coloured by how often a run's particles end on them: as a layer over a panel's picture (`overlay`), or as a small
 * picture of its own with the result in words beneath.
 */
@customElement('gp-branch-coverage')
export class BranchCoverage extends LitElement {
  @property({ attribute: false }) engine: PlaneEngine | null = null;
  @property({ attribute: false }) run: PlaneRecord | null = null;
  /** Of the run, so that the element renders when it ends. */
  @property({ attribute: false }) finished = false;
  /** The part of the plane that is seen; without one all of the branches are. */
  @property({ attribute: false }) view: View | null = null;
  @property({ type: Boolean, reflect: true }) overlay = false;
  @state() private branches: readonly Branch[] | null = null;
  @state() private coverage: Coverage | null = null;
  @state() private failure: Failure | null = null;
  #asking = new AbortController();

  static override styles = css`
    :host {
      display: block;
      color: var(--ink-soft);
      font-size: var(--size-small);
    }

    :host([overlay]) {
      position: absolute;
      inset: 0;
      pointer-events: none;
    }

    figure {
      display: contents;
    }

    svg {
      display: block;
      width: 100%;
      aspect-ratio: 1;
      /* Not of each path: a saved picture says it once. */
      fill: none;
      stroke-linecap: round;
      stroke-linejoin: round;
    }

    :host([overlay]) svg {
      height: 100%;
    }

    path {
      vector-effect: non-scaling-stroke;
    }

    /* Keeps a branch apart from the particles beneath it. */
    .casing {
      stroke: var(--surface);
      stroke-opacity: 0.85;
    }

    /* Gaps where particles are missing: not by colour alone. */
    .visit--3 {
      stroke: var(--under-3);
      stroke-dasharray: 3 4;
      stroke-linecap: butt;
    }

    .visit--2 {
      stroke: var(--under-2);
      stroke-dasharray: 6 4;
      stroke-linecap: butt;
    }

    .visit--1 {
      stroke: var(--under-1);
    }

    .visit-0 {
      stroke: var(--even);
    }

    .visit-1 {
      stroke: var(--over-1);
    }

    .visit-2 {
      stroke: var(--over-2);
    }

    .visit-3 {
      stroke: var(--over-3);
    }

    .legend {
      display: grid;
      grid-template-columns: repeat(7, 1.25rem);
      gap: 0 2px;
      width: fit-content;
      padding: var(--space-1) var(--space-2);
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--surface) 85%, transparent);
      font-size: 0.75rem;
      line-height: 1.3;
    }

    :host([overlay]) .legend {
      position: absolute;
      bottom: var(--space-2);
      left: var(--space-2);
    }

    .legend svg {
      width: 100%;
      height: 6px;
      aspect-ratio: auto;
    }

    .legend path {
      stroke-width: 4px;
      stroke-linecap: butt;
    }

    .legend span {
      grid-column: span 2;
      white-space: nowrap;
    }

    .legend .middle {
      grid-column: span 3;
      text-align: center;
    }

    .legend .last {
      justify-self: end;
    }

    .legend .whole {
      grid-column: 1 / -1;
      color: var(--ink);
      white-space: normal;
    }

    p,
    figcaption {
      margin-top: var(--space-1);
    }
  `;

  override connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) void this.#ask();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('run') || changed.has('finished') || changed.has('engine')) void this.#ask();
  }

  /** What was found of another run goes at once; what is still being asked of it is not waited for. */
  async #ask() {
    const { engine, run } = this;
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    this.coverage = null;
    this.failure = null;
    if (!engine || !run?.finished) return;
    const { distribution } = run.config;
    try {
      const [branches, positions] = await Promise.all([branchesOf(engine, distribution), run.backend.positions(run, run.steps)]);
      if (signal.aborted || !positions) return;
      const coverage = await engine.ask({ type: 'coverage', distribution, positions }, signal);
      if (!signal.aborted) Object.assign(this, { branches, coverage });
    } catch (thrown) {
      if (!signal.aborted) this.failure = toFailure(thrown);
    }
  }

  protected override render() {
    const { branches, coverage, failure } = this;
    if (failure) return html`<p role="alert">${failure.message} ${failure.advice}</p>`;
    if (!branches || !coverage) return nothing;
    const visited = visits(branches, coverage);
    const lost = this.run?.metrics ? describeLost(this.run.metrics) : '';
    const words = [describeVisits(visited), lost && `${lost}.`].filter(Boolean).join(' ');
    // A trunk last, over its branches.
    const order = [...branches.keys()].sort((one, other) => branches[other]!.depth - branches[one]!.depth || 0);
    const widest = Math.max(...branches.map(({ mass }) => mass));
    const lines = order.map((index) => {
      const { mass, points } = branches[index]!;
      const line = points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x} ${-y}`).join('');
      return { line, width: 1.75 + 5 * Math.sqrt(mass / widest), visit: visited[index]! };
    });
    return html`<figure>
      <svg viewBox=${this.#frame(branches)} role="img" aria-label=${words}>
        ${lines.map(({ line, width }) => svg`<path class="casing" d=${line} stroke-width=${width + 2} />`)}
        ${lines.map(({ line, width, visit }) => svg`<path class="visit-${visit}" data-visit=${visit} d=${line} stroke-width=${width} />`)}
      </svg>
      <div class="legend" aria-hidden="true">
        <span class="whole">Visits of branches at the end</span>
        ${levels.map(
          (level) => html`<svg viewBox="0 0 20 6" preserveAspectRatio="none">
            <path class="visit-${level}" d="M0 3H20" />
          </svg>`,
        )}
        <span>&lt; ¼</span><span class="middle">its share</span><span class="last">&gt; 4×</span>
        ${lost ? html`<span class="whole" data-lost>${lost}</span>` : nothing}
      </div>
      ${this.overlay ? nothing : html`<figcaption>${words}</figcaption>`}
    </figure>`;
  }

  /** Up is up, as in the panels' pictures: `y` is mirrored in lines and frame alike. */
  #frame(branches: readonly Branch[]): string {
    if (this.view) {
      const { x, y, halfWidth, halfHeight } = this.view;
      return `${x - halfWidth} ${-y - halfHeight} ${2 * halfWidth} ${2 * halfHeight}`;
    }
    const all = branches.flatMap(({ points }) => points);
    const [left, right] = extent(all.map(([x]) => x));
    const [top, bottom] = extent(all.map(([, y]) => -y));
    const margin = 0.04 * Math.max(right - left, bottom - top);
    return `${left - margin} ${top - margin} ${right - left + 2 * margin} ${bottom - top + 2 * margin}`;
  }
}

function extent(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
