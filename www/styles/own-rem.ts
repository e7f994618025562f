/** Lengths follow the reader's own size of text, and the page's root where its text is larger, but not where it is smaller. */
export function ownRem(element: HTMLElement): void {
  element.style.fontSize = 'medium';
  // In two parts: a length as a whole the build would take for one of the instrument's own (plugin.ts).
  element.style.setProperty('--rem', `max(${getComputedStyle(element).fontSize}, ${1}rem)`);
  element.style.fontSize = '';
}
