// Frames as a video, by the browser's own encoder.
import { BufferTarget, CanvasSource, getFirstEncodableVideoCodec, Mp4OutputFormat, Output, WebMOutputFormat } from 'mediabunny';
import { AdvisedError } from '../engine/failure.js';
import type { FrameEncoder } from './film-maker.js';
import type { FilmFormat } from '../lab/request.js';

/** Bits a second: particles move each by itself, which takes many. */
const bitrate = 4_000_000;

export class VideoEncoder implements FrameEncoder {
  #seconds = 0;

  private constructor(
    private readonly output: Output,
    private readonly target: BufferTarget,
    private readonly source: CanvasSource,
    private readonly type: string,
  ) {}

  static async open(canvas: OffscreenCanvas, format: FilmFormat, text: string): Promise<VideoEncoder> {
    const { width, height } = canvas;
    const codec = await getFirstEncodableVideoCodec(format === 'mp4' ? ['avc'] : ['vp9', 'vp8', 'av1'], { width, height });
    if (!codec) {
      const name = format === 'mp4' ? 'MP4' : 'WebM';
      throw new AdvisedError(
        'no-encoder',
        `This browser cannot make ${name} videos.`,
        'Choose another kind of film: every browser can make a GIF.',
      );
    }
    const target = new BufferTarget();
    const output = new Output({ format: format === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(), target });
    const source = new CanvasSource(canvas, { codec, bitrate });
    output.addVideoTrack(source);
    output.setMetadataTags({ title: 'Guidance Playground', comment: text });
    await output.start();
    return new VideoEncoder(output, target, source, `video/${format}`);
  }

  async add(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return;
    const seconds = milliseconds / 1000;
    await this.source.add(this.#seconds, seconds);
    this.#seconds += seconds;
  }

  async end(): Promise<Blob> {
    // A frame without a successor would be seen for no time in some players.
    await this.source.add(this.#seconds, 0.01);
    await this.output.finalize();
    return new Blob([this.target.buffer!], { type: this.type });
  }
}
