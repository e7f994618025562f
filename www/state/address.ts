// The state in the page's address: `#v=1&schemes=none,ht-1.10~weight:2&seed=7&step=12`. What is as in the opening view is left
// out. A version that was ever written stays readable; what cannot be read is left out with a sentence. It is a table of parts,
// each with its way to be written and read, and nothing in an address can break the page: thousands of spoiled ones are tried.
//
// What only a lab has in an address is among its own parts; which lab it is is told where that is not the usual one.
import { mostPanels, readLevels, readSchemes, writeChanges, writeSchemes } from '../scheme/address.js';
import { fit, link, setLook, setPlayback, setSampling, setSchemes, wishOf } from './changes.js';
import { demonstrate } from './demonstration.js';
import { usualLab } from './lab-name.js';
import { openingState, type Demonstration, type LabPart, type LabBasis } from './lab.js';
import { unlessSame, whole } from './part.js';
import { levelsOf, type State, type StateTypes } from './state.js';

const version = '1';

/** One thing in an address. */
type Part<S> = LabPart<S, S>;

/** All that an address can have, in the order in which it is read. */
function partsOf<Of extends StateTypes>(lab: LabBasis<Of>): readonly Part<State<Of>>[] {
  const { schemes: table, samples, parts } = lab;
  const ofSampling = partsThat<State<Of>, Of['sampling']>((state, change) => setSampling(lab, state, change));
  const ofLook = partsThat<State<Of>, Of['look']>((state, change) => setLook(lab, state, change));
  return [
    {
      name: 'preset',
      write: () => null,
      read: (text, state) => {
        const { demonstrations } = lab;
        if (!Object.hasOwn(demonstrations, text)) throw new Error(`there are ${Object.keys(demonstrations).join(', ')}`);
        return demonstrate(lab, state, demonstrations[text]!, false);
      },
      leave: (state) => state,
    },
    ...parts.data.map(ofSampling),
    {
      name: 'schemes',
      // What was asked for, and not what stands for it where the data are none that its networks know.
      write: ({ panels }, opening) => unlessSame(writeSchemes(table, panels.map(wishOf)), writeSchemes(table, opening.panels)),
      read: (text, state) => {
        const chosen = readSchemes(table, text);
        const levels = levelsOf(table, chosen);
        // Schemes that ask for none in particular leave them as they are.
        return setSchemes(lab, state, chosen, levels === levelsOf(table, []) ? state.sampling.levels : levels);
      },
      leave: (state, { panels }) => setSchemes(lab, state, panels, state.sampling.levels),
    },
    {
      name: 'panels',
      write: () => null,
      read: (text, state) => ({ ...state, panels: state.panels.slice(0, whole(text, 'their number', mostPanels, 1)) }),
      leave: (state) => state,
    },
    {
      name: 'levels',
      // Compared with those that the schemes bring by their names.
      write: ({ panels, sampling }) =>
        writeChanges(
          levelsOf(
            table,
            panels.map(({ choice }) => table.choiceOf(choice)),
          ),
          sampling.levels,
        ) || null,
      read: (text, state) => setSampling(lab, state, { levels: readLevels(table, text, state.sampling.levels) }),
      leave: (state, { sampling: { levels } }) => setSampling(lab, state, { levels }),
    },
    {
      name: 'seed',
      write: ({ sampling }, opening) => unlessSame(String(sampling.seed), String(opening.sampling.seed)),
      read: (text, state) => setSampling(lab, state, { seed: whole(text, 'the seed', Number.MAX_SAFE_INTEGER) }),
      leave: (state, { sampling: { seed } }) => setSampling(lab, state, { seed }),
    },
    ...parts.sampling.map(ofSampling),
    ...parts.look.map(ofLook),
    {
      name: 'lit',
      write: ({ linked }) => linked.join() || null,
      read: (text, state) => {
        const most = samples.of(state.sampling) - 1;
        const lit = text.split(',').map((sample) => whole(sample, `a ${samples.one}`, most));
        return link(lab, state, lit);
      },
      leave: (state) => link(lab, state, []),
    },
    {
      name: 'step',
      write: ({ playback: { position, playing }, sampling }) =>
        playing || position >= sampling.levels.steps ? null : String(Math.round(position)),
      read: (text, state) => {
        const position = whole(text, 'the step', state.sampling.levels.steps);
        return setPlayback(state, { position, playing: false });
      },
      leave: (state) => setPlayback(state, { position: state.sampling.levels.steps, playing: false }),
    },
    {
      name: 'sigma',
      write: () => null,
      // Which step that is, only a run knows: the session goes there.
      read: (text, state) => {
        if (!(Number(text) > 0 && Number(text) < Infinity)) throw new Error('a noise level is a number above 0');
        return setPlayback(state, { playing: false });
      },
      leave: (state) => state,
    },
  ];
}

/** What a lab's part changes, as a change of the state. */
function partsThat<S, T>(set: (state: S, change: Partial<T>) => S) {
  return ({ name, write, read, leave }: LabPart<S, Partial<T>>): Part<S> => ({
    name,
    write,
    read: (text, state) => set(state, read(text, state)),
    leave: (state, opening) => set(state, leave(state, opening)),
  });
}

/** The fragment of the address that brings a state back, without its `#`; empty for the opening view of the usual lab. */
export function writeState(lab: LabBasis, state: State): string {
  const opening = openingState(lab, false);
  const written = partsOf(lab).flatMap(({ name, write }) => {
    const text = write(state, opening);
    return text === null ? [] : [`${name}=${escaped(text)}`];
  });
  if (lab.id !== usualLab) written.unshift(`lab=${lab.id}`);
  return written.length > 0 ? [`v=${version}`, ...written].join('&') : '';
}

/** Whether an address has a state in its fragment, and not the name of a place in the text. */
export function hasState(address: string): boolean {
  return new URL(address).hash.startsWith('#v=');
}

/** What is asked for, by the names of parts, or by null not any more; nothing of it is checked yet. */
export type Asked = ReadonlyMap<string, string | null>;

/** A state, and what was asked for that it cannot have, in sentences. */
export interface Read<S extends State = State> {
  state: S;
  objection: string | null;
}

/** With what stands in `state`, a whole one as text, taken apart: the rest comes over it. */
export function unfold(asked: Asked): Asked {
  const whole = asked.get('state');
  if (whole === undefined) return asked;
  const parts = new Map([...askedBy(whole ?? ''), ...asked]);
  parts.delete('state');
  return parts;
}

/** What a fragment asks for, written by `writeState` or by hand. */
export function askedBy(fragment: string): Asked {
  const pairs = fragment.replace(/^#/, '').split('&').filter(Boolean);
  return new Map(pairs.map((pair) => [pair.split('=', 1)[0]!, decode(pair.slice(pair.indexOf('=') + 1))]));
}

/** A state with all that is asked for. What cannot be had stays as it is, which is said; unless it is `all` or nothing. */
export function readAsked<Of extends StateTypes>(
  lab: LabBasis<Of>,
  state: State<Of>,
  asked: Asked,
  who: string,
  all = false,
): Read<State<Of>> {
  const objections: string[] = [];
  const written = asked.get('v') ?? version;
  if (written !== version) {
    const ignored = all ? '' : ', and is ignored';
    return { state, objection: `${who} was written by another version of this page (${written.slice(0, 8)})${ignored}.` };
  }
  const parts = partsOf(lab);
  for (const { name, read, leave } of parts) {
    const text = asked.get(name);
    if (text === undefined) continue;
    try {
      state = text === null ? leave(state, openingState(lab, false)) : read(text, state);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      objections.push(`${who} asks for ${name} that cannot be had${all ? '' : ', so this part is left out'}: ${reason}.`);
    }
  }
  const named = asked.get('lab') ?? lab.id;
  if (named !== lab.id) objections.push(`${who} asks for another lab (${named.slice(0, 16)}) than this one.`);
  const names = ['v', 'lab', ...parts.map(({ name }) => name)];
  const unknown = [...asked.keys()].filter((name) => !names.includes(name));
  if (unknown.length > 0) objections.push(`${who} also has what this page does not know: ${unknown.slice(0, 3).join(', ')}.`);
  return { state: fit(lab, state), objection: objections.join(' ') || null };
}

/** The opening view with what is asked for: played from the start, or shown at its end, unless a step is asked for. */
export function readOpening<Of extends StateTypes>(
  lab: LabBasis<Of>,
  asked: Asked,
  motion: boolean,
  who: string,
  all = false,
): Read<State<Of>> {
  const { state, objection } = readAsked(lab, openingState(lab, motion), asked, who, all);
  if (asked.has('step') || wantedSigma(lab, asked) !== null) return { state: setPlayback(state, { playing: false }), objection };
  return { state: setPlayback(state, { position: motion ? 0 : state.sampling.levels.steps, playing: motion }), objection };
}

/** The noise level at which to pause, where one is asked for. */
export function wantedSigma({ demonstrations }: LabBasis, asked: Asked): number | null {
  const given = Number(asked.get('sigma') ?? NaN);
  if (given > 0 && given < Infinity) return given;
  const preset = asked.get('preset') ?? '';
  if (!Object.hasOwn(demonstrations, preset) || asked.has('step')) return null;
  const demonstration: Demonstration = demonstrations[preset]!;
  return demonstration.sigma ?? null;
}

export function askedByAddress(address: string): Asked {
  const { hash, searchParams } = new URL(address);
  const schemes = searchParams.get('schemes');
  const asked = new Map<string, string | null>(schemes === null ? [] : [['schemes', schemes]]);
  if (hasState(address)) for (const [name, text] of askedBy(hash)) asked.set(name, text);
  return asked;
}

/** What is no code of a letter stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As little as an address needs: it should stay readable. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|2F|3A|3D|5B|5D|7B|7D)/g, (code) => decodeURIComponent(code));
}
