// What shows elsewhere what an embed shows: addresses, and HTML for a post.

export interface Shared {
  /** The address of the playground, without a state. */
  home: string;
  /** Of the page that has the embed, of the playground, and of the playground in a frame, each with what is seen. */
  page: string;
  link: string;
  frame: string;
  /** As in an address behind its `#`. */
  state: string;
}

/** The element: the module that defines it stands beside the playground's page. */
export function elementCode({ home, link, state }: Shared): string {
  const module = quoted(new URL('./guidance-playground.js', home).href);
  const attributes = [...(state ? [`state=${quoted(state)}`] : []), `home=${quoted(home)}`].join(' ');
  return `<script type="module" src=${module}></script>
<guidance-playground ${attributes}><a href=${quoted(link)}>The figure, in the Guidance Playground</a></guidance-playground>`;
}

/** A frame: fetched when it comes near, as high as three panels and the clock need. */
export function frameCode({ frame }: Shared): string {
  return `<iframe src=${quoted(frame)} title="Guidance Playground" loading="lazy" width="100%" height="860" style="border: 0"></iframe>`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
}
