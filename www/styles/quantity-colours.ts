// Whose number it is, by colour: a class sets `--quantity`.
import { css } from 'lit';

export const quantityColours = css`
  .main {
    --quantity: var(--quantity-main);
  }

  .guide {
    --quantity: var(--quantity-guide);
  }

  .difference {
    --quantity: var(--quantity-difference);
  }

  .result {
    --quantity: var(--quantity-result);
  }

  .data {
    --quantity: var(--quantity-data);
  }
`;
