// Light or dark: what the system says, unless the visitor chose.
export type Theme = 'light' | 'dark';

/** The page's head reads it too, before any module is there. */
const key = 'guidance-playground-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return dark.matches ? 'dark' : 'light';
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  document.dispatchEvent(new Event('themechange'));
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts for this visit.
  }
}

/** Calls back whenever the colours change; returns the way to stop. */
export function onThemeChange(listener: () => void): () => void {
  document.addEventListener('themechange', listener);
  dark.addEventListener('change', listener);
  return () => {
    document.removeEventListener('themechange', listener);
    dark.removeEventListener('change', listener);
  };
}
