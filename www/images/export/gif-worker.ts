import { makeFilms } from '../../export/film-maker.js';
import { GifEncoder } from '../../export/gif-encoder.js';
import { stage } from './film-stage.js';

makeFilms((context, { text }) => new GifEncoder(context, text), stage);
