// A page's module, for every bundler.
import 'guidance-playground/element';
import { sample, version } from 'guidance-playground';
import * as images from 'guidance-playground/images';
import { train } from 'guidance-playground/training';

const drawn = { prompt: 'rocket', scheme: { main: 'exact', levels: { steps: 4 } }, pictures: 1, seed: 3 };

const learned = { hidden: 8, batch: 192, iterations: 4, workers: 2 };

Promise.all([sample('autoguidance', { particles: 300, seed: 3 }), images.sample(drawn), train(learned)]).then(
  ([{ positions }, { data }, { metadata }]) =>
    (globalThis.result = { positions: [...positions], picture: [...data], trained: metadata, version }),
  ({ code, message, advice }) => (globalThis.result = { error: `${code}: ${message} ${advice}` }),
);
document.querySelector('main').append(document.createElement('guidance-playground'));
