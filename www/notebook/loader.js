// The module that a notebook is handed with each widget: it holds the whole figure, `packed`, as text. So nothing is asked of a
// server, of another host, or of a kernel, which answers nothing while a cell runs; JupyterLab, VS Code, Colab and marimo all hand a
// widget one module as text, and import it from a blob, once for each widget: what is in it is opened by the first, and shared by
// all of the page, with its workers and its graphics device.
const shared = Symbol.for('guidance-playground.figure');

async function open() {
  const { module, files } = packed;
  const bytes = Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).blob();
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const figure = await import(/* @vite-ignore */ address);
  URL.revokeObjectURL(address);
  await figure.take(files);
  return figure;
}

export default {
  async render(widget) {
    globalThis[shared] ??= open();
    return (await globalThis[shared]).render(widget);
  },
};
