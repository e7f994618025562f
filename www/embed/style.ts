// What an embed looks like before the instrument is there. A constructed sheet: a page's policy may forbid style elements.
let shared: CSSStyleSheet | undefined;

export function sheet(): CSSStyleSheet {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync(`
      :host { display: block; position: relative; }
      :host([hidden]) { display: none; }
      .own:not(.note:empty) { padding: 1em; background: Canvas; color: CanvasText; }
      .poster { box-sizing: border-box; }
      .poster.before { position: absolute; inset: 0 0 auto; }
      .poster[hidden] { display: none; }
      img { display: block; width: 100%; height: auto; }
      img[hidden], a[hidden] { display: none; }
      .note:not(:empty) { padding: 0.75em 1em; border: 1px solid; border-left-width: 4px; border-radius: 6px; }
      .note p { margin: 0 0 0.5em; }
      a { display: block; width: fit-content; margin-left: auto; color: inherit; font-size: 0.8125em; }
    `);
  }
  return shared;
}
