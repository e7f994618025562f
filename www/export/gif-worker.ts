import { makeFilms } from './film-maker.js';
import { GifEncoder } from './gif-encoder.js';

makeFilms((context, { text }) => new GifEncoder(context, text));
