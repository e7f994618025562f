// How the instrument stands on a page, and where its parts stand in it. Its styles end at its shadow: the tokens come with it
// (`:root, :host` in tokens.css), `all: initial` keeps the page's out, and widths are its container's. Custom properties that
// come in are named --guidance-playground-…
import { css, unsafeCSS } from 'lit';
import { narrow } from './layout.js';
import { controls } from './controls.js';
import tokens from './tokens.css?inline';

/** Panels in a row that is moved sideways, where they cannot stand side by side. */
const row = css`
  /* Pictures first. */
  gp-playground-toolbar {
    order: 1;
    margin-block: var(--space-2) var(--space-4);
  }

  .panels {
    grid-template-columns: none;
    grid-template-rows: repeat(6, auto);
    grid-auto-flow: column;
    grid-auto-columns: min(86%, 26rem);
    margin-inline: calc(-1 * var(--gutter));
    padding-inline: var(--gutter);
    scroll-padding-inline: var(--gutter);
    overflow-x: auto;
    scroll-snap-type: x mandatory;
  }

  .panels > * {
    scroll-snap-align: start;
  }

  .panels ~ * {
    order: 2;
  }

  .bar {
    margin-inline: calc(-1 * var(--gutter));
    padding-inline: var(--gutter);
  }
`;

/** Nothing of the page around comes in but its colour scheme, which whoever puts it there decides, and what is named here. */
export const instrumentStyles = [
  css`
    :host {
      all: initial;
    }

    ${unsafeCSS(tokens)}

    :host {
      --gutter: var(--guidance-playground-gutter, 0px);
      --covered: 0px;
    }
  `,
  controls,
  css`
    :host {
      display: flex;
      flex-direction: column;
      direction: ltr;
      container: instrument / inline-size;
      color: var(--ink);
      font: var(--size-normal) / 1.5 var(--font);
      -webkit-text-size-adjust: 100%;
    }

    :host([embedded]) {
      container-name: embed;
      padding-bottom: 0;
    }

    :host([composing]) {
      visibility: hidden;
    }

    .panels {
      /* Holds what is visually hidden inside, or it would widen the page when the row scrolls. */
      position: relative;
      /* By the bar, at the most. */
      --covered: 11rem;
      display: grid;
      grid-template-columns: repeat(var(--columns), minmax(0, var(--panel)));
      gap: 0 clamp(1rem, 2.5vw, 2.5rem);
    }

    gp-playground-toolbar {
      margin-bottom: var(--space-4);
    }

    .subject {
      margin: 0 0 var(--space-4);
    }

    .panels > * {
      row-gap: var(--space-3);
    }

    :host([embedded]) .panels {
      justify-content: safe center;
    }

    :host([embedded]) .panels > * {
      row-gap: var(--space-2);
      padding-bottom: 0;
    }

    .bar {
      position: sticky;
      bottom: 0;
      margin-top: var(--space-4);
      padding-block: var(--space-3);
      border-top: 1px solid var(--line);
      background: var(--page);
      /* Above the progress bars that pass under it. */
      z-index: 1;
    }

    /* An embed is no higher than a window. */
    :host([embedded]) .bar {
      position: static;
      background: none;
    }

    gp-lit-table {
      padding-block: var(--space-3);
      border-top: 1px solid var(--line);
    }

    gp-sampling-settings {
      padding-top: var(--space-3);
      border-top: 1px solid var(--line);
    }

    .studies {
      margin-top: var(--space-6);
      border-bottom: 1px solid var(--line);
    }

    .notice {
      max-width: 46rem;
      padding: var(--space-4) var(--space-6);
      border: 1px solid var(--line);
      border-left: 4px solid var(--accent);
      border-radius: var(--radius);
      background: var(--surface);
    }

    .notice p {
      margin: 0 0 var(--space-2);
    }

    /* On paper nothing can be pressed. */
    @media print {
      gp-playground-toolbar,
      .bar {
        display: none;
      }
    }

    @media (max-height: 30rem) {
      .bar {
        padding-block: var(--space-1);
      }
    }

    @container instrument (max-width: ${narrow.instrument}px) {
      ${row}
    }

    @container embed (max-width: ${narrow.embed}px) {
      ${row}
    }
  `,
];
