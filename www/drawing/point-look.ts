// How large and how solid a particle is drawn, the same on every engine.

export interface PointLook {
  /** Pixels of the canvas. */
  radius: number;
  opacity: number;
}

/** Points keep their share of the picture, larger where they are few, but never vanish nor blot. */
export function pointLook(particles: number, width: number, height: number, pixelRatio: number): PointLook {
  const side = Math.min(width, height);
  const sparseness = Math.min(Math.max((4096 / particles) ** 0.25, 0.75), 1.5);
  const radius = Math.min(Math.max((sparseness * side) / 420, 0.75 * pixelRatio), 1.8 * pixelRatio);
  return { radius, opacity: particles > 8192 ? 0.6 : 0.85 };
}
