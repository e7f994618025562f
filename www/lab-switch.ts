// The page's switch between labs: each comes back as it was left, and the address says which it is.
import type { GuidancePlayground } from './embed/guidance-playground.js';
import { hasState } from './state/address.js';
import { labNamed, usualLab } from './state/lab-name.js';

export function switchLabs(choice: HTMLElement): void {
  /** Of the moment: scripts may put another in its place. */
  const figure = () => document.querySelector<GuidancePlayground>('guidance-playground')!;
  /** What each showed when it was left, as text. */
  const left = new Map<string, string>();
  const inputs = [...choice.querySelectorAll('input')];
  // A place of the text in the address says nothing of the lab.
  const asked = () => (hasState(location.href) ? labNamed(location.hash) : (figure().instrument?.lab.id ?? usualLab));
  let shown = asked();
  const show = (lab: string) => {
    if (lab !== shown) left.set(shown, figure().state);
    shown = lab;
    document.documentElement.dataset['lab'] = lab;
    for (const input of inputs) input.checked = input.value === lab;
    const { instrument } = figure();
    if (instrument && instrument.lab.id !== lab) figure().lab = lab;
  };
  show(shown);
  choice.hidden = false;
  choice.addEventListener('change', ({ target }) => {
    const { value } = target as HTMLInputElement;
    const text = left.get(value) ?? (value === usualLab ? '' : `v=1&lab=${value}`);
    const address = new URL(location.href);
    address.searchParams.delete('schemes');
    address.hash = text;
    history.pushState(null, '', text ? address : address.href.replace(/#$/, ''));
    show(value);
  });
  // Back and forward, or a link that was put into the address.
  const hear = () => {
    const lab = location.hash === '' ? usualLab : asked();
    if (lab !== shown) show(lab);
  };
  addEventListener('hashchange', hear);
  addEventListener('popstate', hear);
}
