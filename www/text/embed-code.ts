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
  /** Networks of the visitor's own that it needs. */
  own: string[];
}

/** How a figure differs from the usual one; empty where it does not. */
export interface Shape {
  /** Groups of controls besides the usual ones, and of these those that are left out. */
  show: string;
  hide: string;
  /** A picture beside the post, seen until the figure is there. */
  poster: string;
  /** Addresses of the files of networks of one's own. */
  networks: string;
}

const usual: Shape = { show: '', hide: '', poster: '', networks: '' };

/** What has to be known of what is shared with others; empty where they see the same. */
export function describeOwn(own: string[]): string {
  if (own.length === 0) return '';
  const [is, it] = own.length === 1 ? ['is a network', 'its file'] : ['are networks', 'their files'];
  return `${own.join(' and ')} ${is} of your own, which others do not have: send ${it} too, to be dropped on the page.`;
}

/** The element: the module that defines it stands beside the playground's page. */
export function elementCode({ home, link, state }: Shared, { show, hide, poster, networks } = usual): string {
  const module = quoted(new URL('./guidance-playground.js', home).href);
  const given = Object.entries({ state, show, hide, poster, networks, home }).filter(([, text]) => text);
  const attributes = given.map(([name, text]) => `${name}=${quoted(text)}`).join(' ');
  return `<script type="module" src=${module}></script>
<guidance-playground ${attributes}><a href=${quoted(link)}>The figure, in the Guidance Playground</a></guidance-playground>`;
}

/** A frame: fetched when it comes near, as high as three panels and the clock need. */
export function frameCode({ frame }: Shared, { show, hide, networks } = usual): string {
  const address = new URL(frame);
  for (const [name, text] of Object.entries({ show, hide, networks })) if (text) address.searchParams.set(name, text);
  return `<iframe src=${quoted(address.href)} title="Guidance Playground" loading="lazy" width="100%" height="860" style="border: 0"></iframe>`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
}
