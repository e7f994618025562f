// What is used of gifenc, which brings no types.
declare module 'gifenc/dist/gifenc.esm.js' {
  export type Palette = [number, number, number][];
  export interface FrameOptions {
    palette?: Palette | undefined;
    /** Milliseconds. */
    delay?: number;
    /** 0: for ever. */
    repeat?: number;
    transparent?: boolean;
    transparentIndex?: number;
    dispose?: number;
  }
  export function GIFEncoder(): {
    writeFrame(colours: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };
  export function quantize(rgba: Uint8Array, most: number, options: { format: 'rgb565' }): Palette;
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette, format: 'rgb565'): Uint8Array;
}
