// Pages and embeds work under `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'`: no inline script or style, no style
// attribute in a template, no data: or blob: address.
import { nothing } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

/**
 * Sets style properties of an element: `<div ${properties({ '--x': '3px' })}>`. Unlike Lit's styleMap it never writes a style
 * attribute, which a page's content security policy may forbid.
 */
export const properties = directive(
  class extends Directive {
    override render(_: Readonly<Record<string, string>>): typeof nothing {
      return nothing;
    }

    override update({ element }: ElementPart, [values]: [Readonly<Record<string, string>>]): typeof nothing {
      for (const [name, value] of Object.entries(values)) (element as HTMLElement).style.setProperty(name, value);
      return nothing;
    }
  },
);
