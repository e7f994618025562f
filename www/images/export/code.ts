// A panel of pictures, to be drawn elsewhere.
import { lineOf, remarksOf, schemeText } from '../../export/code.js';
import type { PanelState } from '../../state/state.js';
import { pictureSchemes } from '../schemes.js';
import { wordsOfPrompt } from '../state/lab.js';
import type { ImagesSampling } from '../state/state.js';

/** A line for a shell, which writes a grid of the pictures. */
export function commandOf(panel: PanelState, { seed, pictures, levels, prompt }: ImagesSampling): string {
  const scheme = schemeText(pictureSchemes, panel, levels);
  const asked = ['--prompt', wordsOfPrompt(prompt), '--scheme', scheme, '--images', pictures, '--seed', seed, '--out', 'pictures.png'];
  return `${remarksOf(pictureSchemes, panel)}${lineOf(['guidance-playground', 'image', ...asked])}\n`;
}
