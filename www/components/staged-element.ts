// The first rendering of an instrument in several tasks, so that none takes 50 ms. Its parts stay hidden behind the poster until
// they are together: on the way they would move each other about. What must not be rendered with every frame of the clock stands
// behind `guard`.
import { LitElement } from 'lit';

/** Elements whose first rendering is to come. */
let waiting = 0;

/** Resolves when none waits any more. */
export async function allRendered(): Promise<void> {
  do await nextTask();
  while (waiting > 0);
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * Renders for the first time in a task of its own: what a page first shows is much, and done at once it would keep a click
 * waiting. Afterwards it renders as any element.
 */
export class StagedElement extends LitElement {
  protected override scheduleUpdate(): void | Promise<unknown> {
    if (this.hasUpdated) return super.scheduleUpdate();
    waiting++;
    return nextTask().then(() => {
      waiting--;
      return super.scheduleUpdate();
    });
  }
}
