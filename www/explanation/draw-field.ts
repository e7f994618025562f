// A field on a canvas.
import type { View } from '../../pkg/guidance_playground.js';
import { fitView } from '../drawing/camera.js';
import { readColours } from '../drawing/palette.js';
import type { Arrow, Drawing, Voice } from './fields.js';

/** Opacity of each of the nested areas: together they grow darker towards the top. */
export const areaOpacity = 0.07;
const lineOpacity = 0.5;

export type VoiceColours = Record<Voice, string>;

export function readVoices(element: Element): VoiceColours {
  const voices: Voice[] = ['main', 'guide', 'difference', 'result', 'data'];
  const colours = readColours(element, voices.map((voice) => `--voice-${voice}`));
  return Object.fromEntries(voices.map((voice, index) => [voice, colours[index]!])) as VoiceColours;
}

export function drawField(
  canvas: HTMLCanvasElement,
  view: View,
  { contours, arrows }: Drawing,
  colours: VoiceColours,
  /** Sides of the arrows' cells, in data coordinates. */
  cell: number,
): void {
  const context = canvas.getContext('2d')!;
  const { width, height } = canvas;
  const { scale, x, y } = fitView(view, width, height);
  const ratio = devicePixelRatio;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(scale, 0, 0, -scale, x, y);
  for (const { voice, levels } of contours) {
    context.fillStyle = context.strokeStyle = colours[voice];
    context.lineWidth = ratio / scale;
    for (const { rings } of levels) {
      const path = new Path2D();
      for (const ring of rings) addRing(path, ring);
      context.globalAlpha = areaOpacity;
      context.fill(path, 'evenodd');
      context.globalAlpha = lineOpacity;
      context.stroke(path);
    }
  }
  context.globalAlpha = 1;
  if (!arrows) return;
  context.strokeStyle = context.fillStyle = colours[arrows.voice];
  context.lineWidth = (1.4 * ratio) / scale;
  context.lineCap = 'round';
  const path = new Path2D();
  for (const arrow of arrows.list) addArrow(path, arrow, 0.92 * cell);
  context.stroke(path);
}

function addRing(path: Path2D, ring: Float32Array): void {
  for (let place = 0; place < ring.length; place += 2) {
    if (place === 0) path.moveTo(ring[0]!, ring[1]!);
    else path.lineTo(ring[place]!, ring[place + 1]!);
  }
  path.closePath();
}

/** Around its place, with a head that grows with it. */
function addArrow(path: Path2D, { x, y, along }: Arrow, size: number): void {
  const [dx, dy] = [along[0] * size, along[1] * size];
  if (!Number.isFinite(dx + dy)) return;
  const [tipX, tipY] = [x + dx / 2, y + dy / 2];
  path.moveTo(x - dx / 2, y - dy / 2);
  path.lineTo(tipX, tipY);
  path.moveTo(tipX - 0.32 * dx - 0.18 * dy, tipY - 0.32 * dy + 0.18 * dx);
  path.lineTo(tipX, tipY);
  path.lineTo(tipX - 0.32 * dx + 0.18 * dy, tipY - 0.32 * dy - 0.18 * dx);
}
