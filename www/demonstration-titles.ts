// What there is to see in each lab's demonstrations, for the page that offers them.
import { demonstrationTitles as images } from './images/state/demonstration-titles.js';
import { demonstrationTitles as plane } from './plane/state/demonstration-titles.js';

const titles: Readonly<Record<string, Readonly<Record<string, string>>>> = { plane, images };

/** Throws where there is no such demonstration. */
export function titleOfDemonstration(lab: string, name: string): string {
  const ofLab = Object.hasOwn(titles, lab) ? titles[lab]! : {};
  if (!Object.hasOwn(ofLab, name)) throw new Error(`There is no demonstration “${name}” of the lab ${lab}.`);
  return ofLab[name]!;
}
