// What brings back elsewhere what an instrument shows now.
import { ownNetworksOf } from '../scheme/own-network.js';
import type { SchemeTable } from '../scheme/table.js';
import { wishOf } from '../state/changes.js';
import type { State } from '../state/state.js';
import type { Shared } from '../text/embed-code.js';

interface Shown {
  readonly home: string | null;
  readonly text: string;
  readonly currentState: State;
  linkTo(page: string): string;
}

export function shared(shown: Shown, table: SchemeTable): Shared {
  // The folder of the playground's pages.
  const home = new URL('./', new URL(shown.home ?? '', location.href)).href;
  const [page, link, frame] = [shown.home ?? location.href, home, new URL('./embed.html', home).href].map((address) =>
    shown.linkTo(address),
  );
  const own = ownNetworksOf(table, shown.currentState.panels.map(wishOf));
  return { home, page: page!, link: link!, frame: frame!, state: shown.text, own };
}
