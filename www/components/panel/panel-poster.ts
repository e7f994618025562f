import { LitElement, css, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** A panel's picture before it has one of its own: that of the page's poster, if it has one of the scheme. */
@customElement('gp-panel-poster')
export class PanelPoster extends LitElement {
  /** The lab that it is of. */
  @property() lab = '';
  /** The name of the scheme in the catalogue. */
  @property() choice = '';

  static override styles = css`
    :host {
      position: absolute;
      inset: 0;
      pointer-events: none;
    }

    svg,
    img {
      display: block;
      width: 100%;
      height: 100%;
      background: var(--surface);
      image-rendering: pixelated;
    }
  `;

  protected override render() {
    const embed = embedAround(this);
    const poster = `[slot="poster"]:is(:not([data-of]), [data-of="${CSS.escape(this.lab)}"])`;
    const found = embed?.querySelector(`${poster} [data-choice="${CSS.escape(this.choice)}"] :is(svg, img)`);
    if (!found) return nothing;
    const picture = found.cloneNode(true) as Element;
    // References do not reach out of a shadow tree.
    const use = picture.querySelector('use');
    use?.replaceWith(embed!.querySelector(use.getAttribute('href')!)!.cloneNode(true));
    picture.setAttribute('aria-hidden', 'true');
    return picture;
  }
}

/** The embed that an element is part of, however deep. */
function embedAround(element: Element): Element | null {
  const root = element.getRootNode();
  if (!(root instanceof ShadowRoot)) return null;
  return root.host.localName === 'guidance-playground' ? root.host : embedAround(root.host);
}
