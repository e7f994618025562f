// Links to data of one's own, which hold all of them.

/** Letters of a link that all programs keep. */
export const longLink = 1500;
