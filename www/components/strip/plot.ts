// Where weights and noise levels lie on the strip, in pixels from its upper left corner, and what lies at a place.
import type { StripScale } from '../../drawing/strip-scale.js';

export const margin = { left: 26, right: 10, top: 10, bottom: 6 };

/** Pixels around the track in which a press means the clock where else it draws. */
export const trackReach = 10;

export class Plot {
  constructor(
    readonly scale: StripScale,
    readonly width: number,
    /** From the top to the axis and its margin. */
    readonly height: number,
    /** The least and the greatest weight that there is room for. */
    readonly span: [number, number],
  ) {}

  /** The axis of noise levels. */
  get base(): number {
    return this.height - margin.bottom;
  }

  x(share: number): number {
    return margin.left + share * (this.width - margin.left - margin.right);
  }

  y(weight: number): number {
    const [low, high] = this.span;
    return this.base - ((weight - low) / (high - low)) * (this.base - margin.top);
  }

  /** The share of the axis that lies there, 0 to 1. */
  shareAt(x: number): number {
    return Math.min(Math.max((x - margin.left) / (this.width - margin.left - margin.right), 0), 1);
  }

  /** The weight that lies there, of those that there is room for. */
  weightAt(y: number): number {
    const [low, high] = this.span;
    return Math.min(Math.max(low + ((this.base - y) / (this.base - margin.top)) * (high - low), low), high);
  }
}

/** What the axis of weights spans: 0 and 2 are always there, and above what is drawn some room. */
export function spanOf(weights: readonly number[], drawn: boolean): [number, number] {
  const [low, high] = [Math.min(0, ...weights), Math.max(2, ...weights)];
  return [low, drawn ? Math.ceil(1.2 * high) : high];
}
