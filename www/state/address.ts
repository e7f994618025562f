// The state in the page's address: `#v=1&schemes=none,ht-1.10~weight:2&seed=7&step=12`. What is as in the opening view is left
// out. A version that was ever written stays readable; what cannot be read is left out with a sentence. It is a table of parts,
// each with its way to be written and read, and nothing in an address can break the page: thousands of spoiled ones are tried.
import { mostPanels, readLevels, readSchemes, writeChanges, writeSchemes } from '../scheme/address.js';
import { distributionOf } from '../plane/distribution.js';
import { planeSchemes } from '../plane/schemes.js';
import { fit, link, setLook, setPlayback, setSampling, setSchemes, usualShading, wishOf } from './changes.js';
import { demonstrate, type Demonstration } from './demonstration.js';
import { demonstrations, isDemonstration } from './demonstrations.js';
import { farthestPlace, levelsOf, openingState, particleChoices, type State } from './state.js';
import { fieldNames } from '../plane/explanation/settings.js';

const version = '1';

/** One thing in an address. */
interface Part {
  name: string;
  /** Null where it is as in the opening view. */
  write(state: State, opening: State): string | null;
  /** Throws a sentence where there is no such thing. */
  read(text: string, state: State): State;
  /** Where it is not asked for any more: as in the opening view, if that says anything of it. */
  leave(state: State, opening: State): State;
}

/** In the order in which they are read. */
const parts: Part[] = [
  {
    name: 'preset',
    write: () => null,
    read: (text, state) => {
      if (!isDemonstration(text)) throw new Error(`there are ${Object.keys(demonstrations).join(', ')}`);
      return demonstrate(state, demonstrations[text], false);
    },
    leave: (state) => state,
  },
  {
    name: 'distribution',
    write: ({ sampling }, opening) => unlessSame(sampling.distribution, opening.sampling.distribution),
    read: (text, state) => setSampling(state, { distribution: distributionOf(text) }),
    leave: (state, { sampling: { distribution } }) => setSampling(state, { distribution }),
  },
  {
    name: 'schemes',
    // What was asked for, and not what stands for it where the data are none that its networks know.
    write: ({ panels }, opening) => unlessSame(writeSchemes(planeSchemes, panels.map(wishOf)), writeSchemes(planeSchemes, opening.panels)),
    read: (text, state) => {
      const chosen = readSchemes(planeSchemes, text);
      const levels = levelsOf(chosen);
      // Schemes that ask for none in particular leave them as they are.
      return setSchemes(state, chosen, levels === levelsOf([]) ? state.sampling.levels : levels);
    },
    leave: (state, { panels }) => setSchemes(state, panels, state.sampling.levels),
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
      writeChanges(levelsOf(panels.map(({ choice }) => planeSchemes.choiceOf(choice))), sampling.levels) || null,
    read: (text, state) => setSampling(state, { levels: readLevels(planeSchemes, text, state.sampling.levels) }),
    leave: (state, { sampling: { levels } }) => setSampling(state, { levels }),
  },
  {
    name: 'seed',
    write: ({ sampling }, opening) => unlessSame(String(sampling.seed), String(opening.sampling.seed)),
    read: (text, state) => setSampling(state, { seed: whole(text, 'the seed', Number.MAX_SAFE_INTEGER) }),
    leave: (state, { sampling: { seed } }) => setSampling(state, { seed }),
  },
  {
    name: 'particles',
    write: ({ sampling }, opening) => unlessSame(String(sampling.particles), String(opening.sampling.particles)),
    read: (text, state) => setSampling(state, { particles: Number(oneOf(text, particleChoices.map(String))) }),
    leave: (state, { sampling: { particles } }) => setSampling(state, { particles }),
  },
  {
    name: 'view',
    write: ({ look: { view } }) => view && [view.x, view.y, view.halfWidth].map(short).join(),
    read: (text, state) => {
      const [x, y, halfWidth] = numbers(text, 3) as [number, number, number];
      if (!(halfWidth > 0)) throw new Error('a view has to have a width');
      return setLook(state, { view: { x, y, halfWidth, halfHeight: halfWidth } });
    },
    leave: (state) => setLook(state, { view: null }),
  },
  flag('follow', 'followNoise'),
  flag('paths', 'paths'),
  flag('coverage', 'coverage'),
  {
    name: 'shading',
    // Compared with what as many particles bring.
    write: ({ look, sampling }) => unlessSame(look.shading, usualShading(sampling.particles)),
    read: (text, state) => setLook(state, { shading: oneOf(text, ['points', 'density'] as const) }),
    leave: (state) => setLook(state, { shading: usualShading(state.sampling.particles) }),
  },
  {
    name: 'field',
    write: ({ look }) => look.field,
    read: (text, state) => setLook(state, { field: oneOf(text, fieldNames) }),
    leave: (state) => setLook(state, { field: null }),
  },
  {
    name: 'cut',
    write: ({ look: { cut } }) => cut && [...cut.from, ...cut.to].map(short).join(),
    read: (text, state) => {
      const [x0, y0, x1, y1] = numbers(text, 4) as [number, number, number, number];
      return setLook(state, { cut: { from: [x0, y0], to: [x1, y1] } });
    },
    leave: (state) => setLook(state, { cut: null }),
  },
  {
    name: 'lit',
    write: ({ linked }) => linked.join() || null,
    read: (text, state) => {
      const most = state.sampling.particles - 1;
      return link(
        state,
        text.split(',').map((particle) => whole(particle, 'a particle', most)),
      );
    },
    leave: (state) => link(state, []),
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

/** The fragment of the address that brings a state back, without its `#`; empty for the opening view. */
export function writeState(state: State): string {
  const opening = openingState(false);
  const written = parts.flatMap(({ name, write }) => {
    const text = write(state, opening);
    return text === null ? [] : [`${name}=${escaped(text)}`];
  });
  return written.length > 0 ? [`v=${version}`, ...written].join('&') : '';
}

/** Whether an address has a state in its fragment, and not the name of a place in the text. */
export function hasState(address: string): boolean {
  return new URL(address).hash.startsWith('#v=');
}

/** What is asked for, by the names of parts, or by null not any more; nothing of it is checked yet. */
export type Asked = ReadonlyMap<string, string | null>;

/** A state, and what was asked for that it cannot have, in sentences. */
export interface Read {
  state: State;
  objection: string | null;
}

/** Names of all that can be asked for. */
export const partNames: readonly string[] = parts.map(({ name }) => name);

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
export function readAsked(state: State, asked: Asked, who: string, all = false): Read {
  const objections: string[] = [];
  const written = asked.get('v') ?? version;
  if (written !== version) {
    const ignored = all ? '' : ', and is ignored';
    return { state, objection: `${who} was written by another version of this page (${written.slice(0, 8)})${ignored}.` };
  }
  for (const { name, read, leave } of parts) {
    const text = asked.get(name);
    if (text === undefined) continue;
    try {
      state = text === null ? leave(state, openingState(false)) : read(text, state);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      objections.push(`${who} asks for ${name} that cannot be had${all ? '' : ', so this part is left out'}: ${reason}.`);
    }
  }
  const unknown = [...asked.keys()].filter((name) => name !== 'v' && !partNames.includes(name));
  if (unknown.length > 0) objections.push(`${who} also has what this page does not know: ${unknown.slice(0, 3).join(', ')}.`);
  return { state: fit(state), objection: objections.join(' ') || null };
}

/** The opening view with what is asked for: played from the start, or shown at its end, unless a step is asked for. */
export function readOpening(asked: Asked, motion: boolean, who: string, all = false): Read {
  const { state, objection } = readAsked(openingState(motion), asked, who, all);
  if (asked.has('step') || wantedSigma(asked) !== null) return { state: setPlayback(state, { playing: false }), objection };
  return { state: setPlayback(state, { position: motion ? 0 : state.sampling.levels.steps, playing: motion }), objection };
}

/** The noise level at which to pause, where one is asked for. */
export function wantedSigma(asked: Asked): number | null {
  const given = Number(asked.get('sigma') ?? NaN);
  if (given > 0 && given < Infinity) return given;
  const preset = asked.get('preset') ?? '';
  if (!isDemonstration(preset) || asked.has('step')) return null;
  const demonstration: Demonstration = demonstrations[preset];
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

function flag(name: string, field: 'followNoise' | 'paths' | 'coverage'): Part {
  return {
    name,
    write: ({ look }, opening) => (look[field] === opening.look[field] ? null : look[field] ? '1' : '0'),
    read: (text, state) => setLook(state, { [field]: readYes(text) }),
    leave: (state, { look }) => setLook(state, { [field]: look[field] }),
  };
}

/** An address writes 1 and 0; attributes may say it in words. */
function readYes(text: string): boolean {
  return ['1', 'true'].includes(oneOf(text, ['0', '1', 'false', 'true']));
}

function unlessSame(text: string, opening: string): string | null {
  return text === opening ? null : text;
}

function oneOf<T extends string>(text: string, possible: readonly T[]): T {
  const found = possible.find((each) => each === text);
  if (found === undefined) throw new Error(`it can be ${possible.slice(0, -1).join(', ')} or ${possible.at(-1)}`);
  return found;
}

function whole(text: string, what: string, most: number, least = 0): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) throw new Error(`${what} has to be a whole number from ${least} to ${most}`);
  return value;
}

function numbers(text: string, count: number): number[] {
  const values = text.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)));
  if (values.length !== count || values.some((value) => !Number.isFinite(value) || Math.abs(value) > farthestPlace)) {
    throw new Error(`${count} numbers within a thousand are needed`);
  }
  return values;
}

/** Digits that a picture can show. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** As little as an address needs: it should stay readable. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|7B|7D|5B|5D)/g, (code) => decodeURIComponent(code));
}
