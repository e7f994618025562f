// The first script of each page in these browsers: finds what stands in shadows, and keeps what went wrong, for a browser that
// tells no errors.
window.probe = {
  errors: [],

  find(...selectors) {
    return this.within(document, ...selectors);
  },

  /** What the last selector finds within what the one before has found, and so on, inside elements too. */
  within(root, ...selectors) {
    const inside = (root) => [...(root.shadowRoot?.children ?? []), ...root.children].flatMap((each) => [each, ...inside(each)]);
    return selectors.reduce((found, selector) => found.flatMap(inside).filter((each) => each.matches(selector)), [root]);
  },

  focus(...selectors) {
    this.find(...selectors)[0].focus();
  },

  /** Brings the first that is found to the middle of the window, and tells where it is there. */
  place(...selectors) {
    const [element] = this.find(...selectors);
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  },

  /** How many pixels of a part of a picture are coloured as particles are: strongly orange. */
  orange(picture, { x, y, width, height }) {
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(picture, -x, -y);
    const { data } = context.getImageData(0, 0, width, height);
    let pixels = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] > 150 && data[at] - data[at + 2] > 120 && data[at + 1] < 200) pixels++;
    return pixels;
  },
};

for (const type of ['error', 'unhandledrejection']) {
  addEventListener(type, ({ reason, message, target }) => window.probe.errors.push(String(reason ?? message ?? target.outerHTML)), true);
}
const { error } = console;
console.error = (...words) => {
  window.probe.errors.push(words.join(' '));
  error.apply(console, words);
};
