// Apart from that of GIFs, since what writes videos is large.
import { makeFilms } from '../../export/film-maker.js';
import { VideoEncoder } from '../../export/video-encoder.js';
import { stage } from './film-stage.js';

makeFilms(({ canvas }, { format, text }) => VideoEncoder.open(canvas, format, text), stage);
