// What is written into a picture besides the picture: what it was made with.

/** A PNG with a text after its header, under the keyword for descriptions. */
export async function writeIntoPng(png: Blob, text: string): Promise<Blob> {
  // Signature and header: always 8 and 25 bytes.
  const begin = 33;
  const content = new TextEncoder().encode(`iTXtDescription\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(content.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length - 4);
  chunk.set(content, 4);
  view.setUint32(4 + content.length, crc(content));
  return new Blob([png.slice(0, begin), chunk, png.slice(begin)], { type: png.type });
}

/** A GIF with a comment before its end. */
export function writeIntoGif(gif: Uint8Array, text: string): Blob {
  const bytes = new TextEncoder().encode(text);
  const blocks: number[] = [0x21, 0xfe];
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    blocks.push(part.length, ...part);
  }
  blocks.push(0);
  const end = gif.length - 1;
  return new Blob([gif.slice(0, end), new Uint8Array(blocks), gif.slice(end)], { type: 'image/gif' });
}

/** The check of PNG's chunks. */
function crc(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
