// Whose number it is, by colour: a class sets `--voice`.
import { css } from 'lit';

export const voices = css`
  .main {
    --voice: var(--voice-main);
  }

  .guide {
    --voice: var(--voice-guide);
  }

  .difference {
    --voice: var(--voice-difference);
  }

  .result {
    --voice: var(--voice-result);
  }

  .data {
    --voice: var(--voice-data);
  }
`;
