// What can be asked of exports, and how their work is watched.

export const pictureFormats = ['png', 'svg'] as const;
export type PictureFormat = (typeof pictureFormats)[number];
export const filmFormats = ['gif', 'webm', 'mp4'] as const;
export type FilmFormat = (typeof filmFormats)[number];

export type ImageType = PictureFormat | FilmFormat;
/** That of one of the lab's files of data. */
export type DataType = string;

export interface Patience {
  signal?: AbortSignal | undefined;
  /** Hears how far it is, 0 to 1. */
  progress?: ((fraction: number) => void) | undefined;
}

/** How a picture looks; films look as they always do. */
export interface PictureLook {
  /** Pixels of it to one of the page, 1 to the most of the lab's `scales`; those of the screen if it is left out. */
  scale?: number | undefined;
  /** Whether what stands behind is seen through it. */
  transparent?: boolean | undefined;
  /** Whether titles and metrics are written around the panels; they are if it is left out. */
  captions?: boolean | undefined;
  /** Whether legends of what is laid over particles are in it; they are if it is left out. */
  legend?: boolean | undefined;
}

export type ImageOptions = Patience & PictureLook;
