// What is written into a picture besides the picture, and read from it: what it was made with.
import { unescapeText } from '../drawing/shapes.js';
import { beginOfRecord } from './record.js';

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

/** As much as a record's beginning takes, in which its state is. */
const most = 200_000;

/**
 * The record in a picture or a film that this program has made, at least its beginning; null where there is none. All formats have it
 * as plain text: PNG in a chunk, SVG in its metadata, WebM and MP4 in a comment, and GIF in blocks.
 */
export function readFromPicture(picture: Uint8Array): string | null {
  // A character for each byte, so that places in the one are places in the other.
  const bytes = new TextDecoder('latin1').decode(picture);
  const text = /^\s*</.test(bytes) ? unescapeText(/<metadata[^>]*>([^<]*)/.exec(bytes)?.[1] ?? '') : bytes;
  const at = text.indexOf(beginOfRecord);
  if (at < 0) return null;
  return text.startsWith('GIF') ? readBlocks(picture, at - 1) : text.slice(at, at + most);
}

/** The text in a GIF's blocks, each of which begins with its length, and the last of which has none. */
function readBlocks(gif: Uint8Array, at: number): string {
  let text = '';
  for (let length = gif[at]!; length > 0; length = gif[(at += length + 1)] ?? 0) {
    text += new TextDecoder('latin1').decode(gif.subarray(at + 1, at + 1 + length));
  }
  return text;
}

/** The check of the chunks of PNG, and of files in ZIP. */
export function crc(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
