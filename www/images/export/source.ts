// What an export of pictures is made of.
import type { ExportSource, ShownPanel } from '../../lab/lab.js';
import type { ImagesViewKinds } from '../view.js';

export type ImagesSource = ExportSource<ImagesViewKinds>;
export type ImagesShown = ShownPanel<ImagesViewKinds>;
