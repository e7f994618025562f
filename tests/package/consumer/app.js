// A page's module, for every bundler.
import 'guidance-playground/element';
import { sample, version } from 'guidance-playground';
import * as images from 'guidance-playground/images';

const drawn = { prompt: 'rocket', scheme: { main: 'exact', levels: { steps: 4 } }, pictures: 1, seed: 3 };

Promise.all([sample('autoguidance', { particles: 300, seed: 3 }), images.sample(drawn)]).then(
  ([{ positions }, { data }]) => (globalThis.result = { positions: [...positions], picture: [...data], version }),
  ({ code, message, advice }) => (globalThis.result = { error: `${code}: ${message} ${advice}` }),
);
document.querySelector('main').append(document.createElement('guidance-playground'));
