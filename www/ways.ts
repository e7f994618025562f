// The introduction says how many ways are shown, whatever is set.
import type { GuidancePlayground } from './embed/guidance-playground.js';

const words = ['One way', 'Two ways', 'Three ways', 'Four ways', 'Five ways', 'Six ways'];

export function countWays(figure: GuidancePlayground, places: Iterable<Element>): void {
  const count = () => {
    const said = words[(figure.instrument?.currentState.panels.length ?? 3) - 1]!;
    for (const place of places) if (place.textContent !== said) place.textContent = said;
  };
  for (const type of ['change', 'frame', 'ready']) figure.addEventListener(type, count);
}
