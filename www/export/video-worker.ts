// Apart from that of GIFs, since what writes videos is large.
import { makeFilms } from './film-maker.js';
import { VideoEncoder } from './video-encoder.js';

makeFilms(({ canvas }, { format, text }) => VideoEncoder.open(canvas, format, text));
