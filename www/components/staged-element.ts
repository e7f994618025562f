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
