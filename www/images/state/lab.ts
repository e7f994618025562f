// What pictures bring to the state, as a lab.
import type { LabBasis } from '../../state/lab.js';
import { shown } from '../prompt/remarks.js';
import { readPrompt, wordsFor } from '../prompt/prompt.js';
import { pictureSchemes, vocabulary, type PictureScheme } from '../schemes.js';
import { parts } from './address.js';
import { demonstrations } from './demonstrations.js';
import { openingLook } from './look.js';
import type { ImagesKinds } from './kinds.js';
import { openingSampling, pictures } from './state.js';

/** The words of a prompt that are known, in their order; one that asks for what there is not stays as it is, and is refused. */
export function wordsOfPrompt(prompt: string): string {
  const { asked, refusal } = readPrompt(vocabulary, prompt);
  return refusal ? prompt : wordsFor(asked);
}

export const imagesBasis: LabBasis<ImagesKinds> = {
  id: 'images',
  name: 'Images',
  schemes: pictureSchemes,
  opening: { choices: ['none', 'cfg4', 'cfg4-interval'], sampling: openingSampling, look: openingLook },
  samples: pictures,
  credits: vocabulary.credits,
  // A picture has few pixels, and those who print it want each of them many times.
  scales: [1, 2, 4, 8],
  parts,
  demonstrations,
  shownOn: {},
  runConfig: ({ scheme }, { seed, pictures, levels, prompt }) => ({
    scheme: { ...(scheme as PictureScheme), levels },
    seed,
    pictures,
    prompt: wordsOfPrompt(prompt),
  }),
  samplingOf: ({ scheme, seed, pictures, prompt }) => ({ seed, pictures, levels: scheme.levels, prompt }),
  nameOfData: ({ prompt }) => `“${shown(wordsOfPrompt(prompt)) || 'anything'}”`,
  knows: () => true,
  describeStandIn: () => '',
  isSameData: (one, other) => wordsOfPrompt(one.prompt) === wordsOfPrompt(other.prompt),
  fit: (wish) => wish,
  bound: (look) => look,
  lookAfter: () => ({}),
};
