// What an export of the plane is made of.
import type { ExportSource, ShownPanel } from '../../lab/lab.js';
import type { PlaneViewKinds } from '../view.js';

export type PlaneSource = ExportSource<PlaneViewKinds>;
export type PlaneShown = ShownPanel<PlaneViewKinds>;
