// What only pictures have in an address.
import type { LabBasis } from '../../state/lab.js';
import { flag, oneOf, unlessSame } from '../../state/part.js';
import { cut } from '../prompt/prompt.js';
import { unturned } from '../prompt/remarks.js';
import type { ImagesKinds } from './kinds.js';
import { shown, type ImagesLook } from './look.js';
import { pictures } from './state.js';

type Parts = LabBasis<ImagesKinds>['parts'];

export const parts: Parts = {
  data: [
    {
      name: 'prompt',
      write: ({ sampling }, opening) => unlessSame(sampling.prompt, opening.sampling.prompt),
      read: (text) => ({ prompt: cut(unturned(text)).text }),
      leave: (_, { sampling: { prompt } }) => ({ prompt }),
    },
  ],
  sampling: [
    {
      name: 'pictures',
      write: ({ sampling }, opening) => unlessSame(String(sampling.pictures), String(opening.sampling.pictures)),
      read: (text) => ({ pictures: Number(oneOf(text, pictures.choices.map(String))) }),
      leave: (_, { sampling: { pictures } }) => ({ pictures }),
    },
  ],
  look: [
    {
      name: 'shows',
      write: ({ look }, opening) => unlessSame(look.shows, opening.look.shows),
      read: (text) => ({ shows: oneOf(text, shown) }),
      leave: (_, { look: { shows } }) => ({ shows }),
    },
    flag<ImagesLook>('large', 'large'),
    flag<ImagesLook>('shares', 'shares'),
  ],
};
