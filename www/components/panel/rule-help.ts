// What the language of rules has, from its description.
import { html, type TemplateResult } from 'lit';
import language from '../../../src/guidance/rule/own/language.md?raw';

/** Rows of its table: what is written, and what it is. */
const rows = Array.from(language.matchAll(/^\| (`.+?) \| (.+) \|$/gm), ([, written, what]) => [written!, what!] as const);

/** What stands between backticks is code. */
export function typesetCode(text: string): (TemplateResult | string)[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}

export function renderHelp(): TemplateResult {
  return html`<p>
      A line or a few, each ended by a line break or <code>;</code>. The last one is the guided estimate; those before it give a name to
      something. Behind <code>#</code> stands a remark.
    </p>
    <dl>
      ${rows.map(([written, what]) => html`<dt>${typesetCode(written)}</dt><dd>${typesetCode(what)}</dd>`)}
    </dl>`;
}
