// Whether the browser has trainings that are over: what a page asks when it opens, without a look into their store.

const flag = 'guidance-playground-trained';

export function haveTrained(): boolean {
  try {
    return localStorage.getItem(flag) !== null;
  } catch {
    return false;
  }
}

export function note(are: boolean): void {
  try {
    if (are) localStorage.setItem(flag, '1');
    else localStorage.removeItem(flag);
  } catch {
    // Whoever opens the section finds them nevertheless.
  }
}
