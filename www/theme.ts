// Light or dark: of the page, what the system says unless the visitor chose; of an embed, what it stands on.
export type Theme = 'light' | 'dark';

/** The page's head reads it too, before any module is there. */
const key = 'guidance-playground-theme';
const systems = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'].map((query) => matchMedia(query));
/** Milliseconds after which a page that fades into other colours has them. */
const fade = 500;

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return systems[0]!.matches ? 'dark' : 'light';
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts for this visit.
  }
  tellThemeChange();
}

/** What something stands on: a page that is dark need not have said so. */
export interface Surroundings {
  theme: Theme;
  /** The colour; null where it is the browser's own. */
  background: string | null;
}

export function surroundingsOf(element: Element): Surroundings {
  for (let each: Element | null = element; each; each = parentOf(each)) {
    const { backgroundColor } = getComputedStyle(each);
    const [red, green, blue, opacity] = rgbOf(backgroundColor);
    // Luma, as of television: enough to tell dark from light.
    const theme = 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light';
    if (opacity > 128) return { theme, background: backgroundColor };
  }
  const { colorScheme } = getComputedStyle(element);
  const dark = colorScheme.includes('dark') && (systems[0]!.matches || !colorScheme.includes('light'));
  return { theme: dark ? 'dark' : 'light', background: null };
}

function parentOf(element: Element): Element | null {
  const { parentNode } = element.assignedSlot ?? element;
  return parentNode instanceof ShadowRoot ? parentNode.host : parentNode instanceof Element ? parentNode : null;
}

/** Each 0 to 255, whatever a colour is written in. */
function rgbOf(colour: string): [number, number, number, number] {
  pixel ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data] as [number, number, number, number];
}

let pixel: OffscreenCanvasRenderingContext2D | undefined;

/** Elements whose colours may have become others. */
const listeners = new Set<() => void>();
/** Embeds whose surroundings may have. */
const surrounded = new Set<() => void>();

/** Colours have become others somewhere on the page. */
export function tellThemeChange(): void {
  for (const listener of listeners) listener();
}

/** Calls back whenever colours have become others; returns the way to stop. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let late: ReturnType<typeof setTimeout> | undefined;
const look = () => {
  for (const listener of surrounded) listener();
};
/** Pages change their colours by a class or an attribute of their outermost elements. */
const observer = new MutationObserver(() => {
  look();
  clearTimeout(late);
  late = setTimeout(look, fade);
});

/** Calls back whenever what embeds stand on may have become light or dark; returns the way to stop. */
export function onSurroundings(listener: () => void): () => void {
  if (surrounded.size === 0) {
    for (const element of [document.documentElement, document.body]) observer.observe(element, { attributes: true });
  }
  surrounded.add(listener);
  return () => {
    surrounded.delete(listener);
    if (surrounded.size > 0) return;
    observer.disconnect();
    clearTimeout(late);
  };
}

for (const system of systems) {
  system.addEventListener('change', () => {
    look();
    tellThemeChange();
  });
}
