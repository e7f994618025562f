// The state in the page's address: `#v=1&schemes=none,ht-1.10~weight:2&seed=7&step=12`. What is as in the opening view is left
// out. A version that was ever written stays readable; what cannot be read is left out with a sentence.
import { readChanges, readSchemes, writeChanges, writeSchemes } from '../scheme/address.js';
import { catalogue } from '../scheme/catalogue.js';
import { at } from '../scheme/pointer.js';
import { link, setLook, setPlayback, setSampling, setSchemes } from './changes.js';
import { fieldNames, openingState, particleChoices, type State } from './state.js';

const version = '1';

/** One thing in an address. */
interface Part {
  name: string;
  /** Null where it is as in the opening view. */
  write(state: State, opening: State): string | null;
  /** Throws a sentence where there is no such thing. */
  read(text: string, state: State): State;
}

/** In the order in which they are read. */
const parts: Part[] = [
  {
    name: 'schemes',
    write: ({ panels }, opening) => unlessSame(writeSchemes(panels), writeSchemes(opening.panels)),
    read: (text, state) => setSchemes(state, readSchemes(text)),
  },
  {
    name: 'levels',
    write: ({ sampling }, opening) => writeChanges(opening.sampling.levels, sampling.levels) || null,
    read: (text, state) => {
      const levels = readChanges(text, state.sampling.levels, 'the list of noise levels');
      for (const { path, name, least, greatest } of catalogue.levels) number(at({ levels }, path), name, least, greatest);
      const spacing = catalogue.spacings.some(({ value }) => JSON.stringify(value) === JSON.stringify(levels.spacing));
      const known = spacing || typeof levels.spacing === 'object';
      if (!known) throw new Error(`there is no spacing “${String(levels.spacing)}”`);
      return setSampling(state, { levels });
    },
  },
  {
    name: 'seed',
    write: ({ sampling }, opening) => unlessSame(String(sampling.seed), String(opening.sampling.seed)),
    read: (text, state) => setSampling(state, { seed: whole(text, 'the seed', Number.MAX_SAFE_INTEGER) }),
  },
  {
    name: 'particles',
    write: ({ sampling }, opening) => unlessSame(String(sampling.particles), String(opening.sampling.particles)),
    read: (text, state) => setSampling(state, { particles: Number(oneOf(text, particleChoices.map(String))) }),
  },
  {
    name: 'view',
    write: ({ look: { view } }) => view && [view.x, view.y, view.halfWidth].map(short).join(),
    read: (text, state) => {
      const [x, y, halfWidth] = numbers(text, 3) as [number, number, number];
      if (!(halfWidth > 0)) throw new Error('a view has to have a width');
      return setLook(state, { view: { x, y, halfWidth, halfHeight: halfWidth } });
    },
  },
  flag('follow', 'followNoise'),
  flag('paths', 'paths'),
  flag('coverage', 'coverage'),
  {
    name: 'shading',
    write: ({ look }, opening) => unlessSame(look.shading, opening.look.shading),
    read: (text, state) => setLook(state, { shading: oneOf(text, ['points', 'density'] as const) }),
  },
  {
    name: 'field',
    write: ({ look }) => look.field,
    read: (text, state) => setLook(state, { field: oneOf(text, fieldNames) }),
  },
  {
    name: 'cut',
    write: ({ look: { cut } }) => cut && [...cut.from, ...cut.to].map(short).join(),
    read: (text, state) => {
      const [x0, y0, x1, y1] = numbers(text, 4) as [number, number, number, number];
      return setLook(state, { cut: { from: [x0, y0], to: [x1, y1] } });
    },
  },
  {
    name: 'lit',
    write: ({ linked }) => linked.join() || null,
    read: (text, state) => {
      const most = state.sampling.particles - 1;
      return link(state, text.split(',').map((particle) => whole(particle, 'a particle', most)));
    },
  },
  {
    name: 'step',
    write: ({ playback: { position, playing }, sampling }) =>
      playing || position >= sampling.levels.steps ? null : String(Math.round(position)),
    read: (text, state) => {
      const position = whole(text, 'the step', state.sampling.levels.steps);
      return setPlayback(state, { position, playing: false });
    },
  },
];

/** The fragment of the address that brings a state back, without its `#`; empty for the opening view. */
export function writeState(state: State): string {
  const opening = openingState(false);
  const written = parts.flatMap(({ name, write }) => {
    const text = write(state, opening);
    return text === null ? [] : [`${name}=${escape(text)}`];
  });
  return written.length > 0 ? [`v=${version}`, ...written].join('&') : '';
}

/** Whether an address has a state in its fragment, and not the name of a place in the text. */
export function hasState(address: string): boolean {
  return new URL(address).hash.startsWith('#v=');
}

/** What is said of a state that cannot be had as it stands in an address. */
const ofAddress = { where: 'The address', ignored: ', and is ignored' };

/** The opening view as an address wants it, and what is wrong with the address, or with what else it stands in, in a sentence. */
export function readState(address: string, motion: boolean, { where, ignored } = ofAddress): { state: State; objection: string | null } {
  const { hash, searchParams } = new URL(address);
  const asked = searchParams.get('schemes');
  const given: [string, string][] = asked === null ? [] : [['schemes', asked]];
  const objections: string[] = [];
  if (hasState(address)) {
    for (const pair of hash.slice(1).split('&')) given.push([pair.split('=', 1)[0]!, pair.slice(pair.indexOf('=') + 1)]);
  }
  let state = openingState(motion);
  const found = new Map(given);
  const written = found.get('v');
  if (written !== undefined && written !== version) {
    return { state, objection: `${where} was written by another version of this page (${written.slice(0, 8)})${ignored}.` };
  }
  for (const { name, read } of parts) {
    const text = found.get(name);
    if (text === undefined) continue;
    try {
      state = read(name === 'schemes' && text === asked ? text : decodeURIComponent(text), state);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      objections.push(`${where} asks for ${name} that cannot be had${ignored && `${ignored} there`}: ${reason}.`);
    }
  }
  const unknown = [...found.keys()].filter((name) => name !== 'v' && !parts.some((part) => part.name === name));
  if (unknown.length > 0) objections.push(`${where} also has what this page does not know: ${unknown.slice(0, 3).join(', ')}.`);
  // Played from the start, or shown at its end, unless a step is asked for.
  if (!found.has('step')) state = setPlayback(state, { position: motion ? 0 : state.sampling.levels.steps });
  return { state, objection: objections.join(' ') || null };
}

function flag(name: string, field: 'followNoise' | 'paths' | 'coverage'): Part {
  return {
    name,
    write: ({ look }, opening) => (look[field] === opening.look[field] ? null : look[field] ? '1' : '0'),
    read: (text, state) => setLook(state, { [field]: oneOf(text, ['0', '1']) === '1' }),
  };
}

function unlessSame(text: string, opening: string): string | null {
  return text === opening ? null : text;
}

function oneOf<T extends string>(text: string, possible: readonly T[]): T {
  const found = possible.find((each) => each === text);
  if (found === undefined) throw new Error(`it can be ${possible.slice(0, -1).join(', ')} or ${possible.at(-1)}`);
  return found;
}

function whole(text: string, what: string, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(value <= most)) throw new Error(`${what} has to be a whole number from 0 to ${most}`);
  return value;
}

function number(value: unknown, what: string, least: number, greatest: number): void {
  const inside = typeof value === 'number' && value >= least && value <= greatest;
  if (!inside) throw new Error(`${what} has to be between ${least} and ${greatest}`);
}

function numbers(text: string, count: number): number[] {
  const values = text.split(',').map(Number);
  if (values.length !== count || values.some((value) => !Number.isFinite(value) || Math.abs(value) > 1e3)) {
    throw new Error(`${count} numbers within a thousand are needed`);
  }
  return values;
}

/** Digits that a picture can show. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** As little as an address needs: it should stay readable. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|7B|7D|5B|5D)/g, (code) => decodeURIComponent(code));
}
