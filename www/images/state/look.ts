// How results are looked at: nothing of them depends on it.

/** What is drawn of a picture at a step: where it is, or what is estimated of it. */
export const shown = ['picture', 'main', 'guide', 'guided'] as const;
export type Shown = (typeof shown)[number];

export interface ImagesLook {
  shows: Shown;
  /** Only the picture that is lit, as large as the panel. */
  large: boolean;
  /** How often styles and backgrounds are read, beside how often they should be. */
  shares: boolean;
}

/** How results are looked at in the beginning. */
export const openingLook: ImagesLook = { shows: 'picture', large: false, shares: false };
