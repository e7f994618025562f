import { LitElement } from 'lit';

/**
 * Renders for the first time in a task of its own: what a page first shows is much, and done at once it would keep a click
 * waiting. Afterwards it renders as any element.
 */
export class StagedElement extends LitElement {
  protected override scheduleUpdate(): void | Promise<unknown> {
    if (this.hasUpdated) return super.scheduleUpdate();
    return new Promise((resolve) => setTimeout(resolve)).then(() => super.scheduleUpdate());
  }
}
