// Of the demo post alone: light and dark, as many blogs have it, by a class of the page.
const button = document.querySelector<HTMLButtonElement>('header button')!;
const system = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement.classList;
const isDark = () => root.contains('dark') || (system.matches && !root.contains('light'));

function label(): void {
  button.textContent = isDark() ? 'Light' : 'Dark';
}

button.hidden = false;
button.onclick = () => {
  const dark = !isDark();
  root.toggle('dark', dark);
  root.toggle('light', !dark);
  label();
};
system.onchange = label;
label();
