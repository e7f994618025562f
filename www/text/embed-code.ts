// HTML that shows in a page what a figure shows.

export interface Embedded {
  /** The address of the playground, without a state. */
  home: string;
  /** The same with what is seen, and of it in a frame. */
  link: string;
  frame: string;
  /** As in an address behind its `#`. */
  state: string;
}

/** The element: the module that defines it stands beside the playground's page. */
export function elementCode({ home, link, state }: Embedded): string {
  const module = quoted(new URL('./guidance-playground.js', home).href);
  const attributes = [...(state ? [`state=${quoted(state)}`] : []), `home=${quoted(home)}`].join(' ');
  return `<script type="module" src=${module}></script>
<guidance-playground ${attributes}><a href=${quoted(link)}>The figure, in the Guidance Playground</a></guidance-playground>`;
}

/** A frame: fetched when it comes near, as high as three panels and the clock need. */
export function frameCode({ frame }: Embedded): string {
  return `<iframe src=${quoted(frame)} title="Guidance Playground" loading="lazy" width="100%" height="860" style="border: 0"></iframe>`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
}
