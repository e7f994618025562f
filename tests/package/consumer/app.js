// A page's module, for every bundler.
import 'guidance-playground/element';
import { sample, version } from 'guidance-playground';

sample('autoguidance', { particles: 300, seed: 3 }).then(
  ({ positions }) => (globalThis.result = { positions: [...positions], version }),
  ({ code, message, advice }) => (globalThis.result = { error: `${code}: ${message} ${advice}` }),
);
document.querySelector('main').append(document.createElement('guidance-playground'));
