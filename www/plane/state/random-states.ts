// For tests: states that a hand on the page can reach, and what addresses can be spoiled with.
import fc from 'fast-check';
import { pan, zoom } from '../drawing/navigation.js';
import '../explanations.js';
import { distributions as places, planeSchemes } from '../schemes.js';
import { choose, mostPanels } from '../../scheme/address.js';
import type { CurvePoint } from '../../scheme/curve.js';
import { withRule } from '../../scheme/own-rule.js';
import { at, withAt } from '../../scheme/pointer.js';
import type { Scheme } from '../../scheme/scheme.js';
import { variantOf, withGuide, type Control, type Variant, type VariantValue } from '../../scheme/table.js';
import * as changes from '../../state/changes.js';
import { demonstrate } from '../../state/demonstration.js';
import { openingState } from '../../state/lab.js';
import { demonstrations } from './demonstrations.js';
import { planeBasis as plane } from './lab.js';
import type { State } from '../../state/state.js';
import type { PlaneKinds } from './kinds.js';
import { particles as counts, type PlaneState } from './state.js';
import { fieldNames } from '../explanation/settings.js';

/** What can be done once; a state that it does not concern stays as it is. */
type Act = (state: State<PlaneKinds>) => State<PlaneKinds>;

const { catalogue, models, mains, parts } = planeSchemes;
const choices = planeSchemes.choices.map(({ id }) => id);
const distributions = [...places.map(({ id }) => id), 'tree-7'];
/** Of files that say under which condition, or do not. */
const own = ['own-dropped-0123456789', 'own-dropped-0123456789:AB'];
const index = fc.nat(mostPanels - 1);

/** Any number that its control takes. */
function valueFor({ least, greatest, whole }: Control): fc.Arbitrary<number> {
  return whole ? fc.integer({ min: least, max: greatest }) : fc.double({ min: least, max: greatest, noNaN: true });
}

function oneOf<T>(list: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...list);
}

const curve: fc.Arbitrary<CurvePoint[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 })
  .chain((times) =>
    fc.tuple(
      ...times
        .sort((one, other) => one - other)
        .map((time) => fc.double({ min: -3, max: 9, noNaN: true }).map((f): CurvePoint => [time / 100, f])),
    ),
  );

/** Any text, since what it means nobody knows here; values of parameters that it may have, and a name. */
const rule = fc.record(
  {
    text: fc.oneof(
      oneOf(['s = s0 + w * (s1 - s0)', 'param g = 1 in 0..2\nd = D1 - D0 # "d", ~d:1\nD1 + g * d']),
      fc.string({ unit: 'binary' }),
    ),
    values: fc.dictionary(oneOf(['g', 'strength', '__proto__']), fc.double({ noNaN: true, noDefaultInfinity: true }), { maxKeys: 3 }),
    name: fc.string({ unit: 'binary', maxLength: 20 }),
  },
  { requiredKeys: ['text'] },
);

/** One of several variants, with any of its parameters. */
function variant(variants: readonly Variant[]): fc.Arbitrary<VariantValue> {
  return oneOf(variants).chain(({ id, value, parameters }) => {
    if (id === 'curve') return curve.map((points) => ({ curve: { points } }));
    if (id === 'own') return rule.map(withRule);
    return fc
      .tuple(...parameters.map(valueFor))
      .map((numbers) => parameters.reduce((made, { path }, place) => withAt(made, path, numbers[place]!), value));
  });
}

function onScheme(change: (scheme: Scheme, choice: string) => Scheme): (panel: number) => Act {
  return (panel) => (state) => {
    const { id, scheme, choice } = state.panels[panel % state.panels.length]!;
    return changes.setScheme(state, id, change(scheme, choice));
  };
}

const schemeAct: fc.Arbitrary<Act> = fc
  .tuple(
    index,
    fc.oneof(
      oneOf(parts).chain(({ field, variants }) => variant(variants).map((value) => onScheme((scheme) => ({ ...scheme, [field]: value })))),
      fc.tuple(fc.nat(9), fc.double({ min: 0, max: 1, noNaN: true })).map(([which, share]) =>
        onScheme((scheme, choice) => {
          const { parameters } = planeSchemes.choiceOf(choice).kind;
          const parameter = parameters[which % (parameters.length || 1)];
          if (!parameter || typeof at(scheme, parameter.path) !== 'number') return scheme;
          const value = parameter.least + share * (parameter.greatest - parameter.least);
          return withAt(scheme, parameter.path, parameter.whole ? Math.round(value) : value);
        }),
      ),
      oneOf([...mains, ...own, 'own \\ "quoted", ~strange: 😀\\']).map((main) =>
        onScheme((scheme) => ({ ...scheme, main: planeSchemes.modelName(planeSchemes.partsOf(main)) })),
      ),
      oneOf([...models, ...own]).map((model) =>
        onScheme((scheme) => (scheme.guide ? withGuide(scheme, planeSchemes.modelName(planeSchemes.partsOf(model))) : scheme)),
      ),
      fc
        .tuple(...catalogue.interval.map(valueFor))
        .map(([low, high]) => onScheme((scheme) => ({ ...scheme, interval: { low: low!, high: high! } }))),
    ),
  )
  .map(([panel, act]) => act(panel));

const panelAct: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(index, oneOf(choices)).map(
    ([panel, choice]): Act =>
      (state) => {
        return changes.chooseScheme(state, state.panels[panel % state.panels.length]!.id, planeSchemes.choiceOf(choice));
      },
  ),
  fc.tuple(index, oneOf(choices)).map(
    ([panel, choice]): Act =>
      (state) =>
        changes.addPanel(state, choose(planeSchemes, choice), state.panels[panel]?.id),
  ),
  index.map(
    (panel): Act =>
      (state) =>
        changes.removePanel(state, state.panels[panel % state.panels.length]!.id),
  ),
  fc.tuple(index, fc.integer({ min: -2, max: 2 })).map(
    ([panel, by]): Act =>
      (state) => {
        return changes.movePanel(state, state.panels[panel % state.panels.length]!.id, by);
      },
  ),
  oneOf(Object.values(demonstrations)).map(
    (asked): Act =>
      (state) =>
        demonstrate(plane, state, asked, false),
  ),
);

const samplingAct: fc.Arbitrary<Act> = fc.oneof(
  fc.nat(Number.MAX_SAFE_INTEGER).map(
    (seed): Act =>
      (state) =>
        changes.setSampling(plane, state, { seed }),
  ),
  oneOf(counts.choices).map(
    (particles): Act =>
      (state) =>
        changes.setSampling(plane, state, { particles }),
  ),
  oneOf(distributions).map(
    (distribution): Act =>
      (state) =>
        changes.setSampling(plane, state, { distribution }),
  ),
  oneOf(catalogue.levels)
    .chain((control) => valueFor(control).map((value) => [control.path, value] as const))
    .map(
      ([path, value]): Act =>
        (state) =>
          changes.setSampling(plane, state, { levels: withAt(state.sampling, path, value).levels }),
    ),
  variant(catalogue.spacings).map(
    (spacing): Act =>
      (state) => {
        return changes.setSampling(plane, state, { levels: withAt(state.sampling, '/levels/spacing', spacing).levels });
      },
  ),
  fc.constant<Act>((state) => changes.reset(plane, state)),
);

const place = fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }));
const overview = { x: 0.4, y: 0.4, halfWidth: 1.2, halfHeight: 1.2 };

const lookAct: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fc.double({ min: 0.01, max: 100, noNaN: true }), place).map(
    ([factor, point]): Act =>
      (state) => {
        return changes.setLook(plane, state, { view: zoom(state.look.view ?? overview, factor, point) });
      },
  ),
  place.map(
    (by): Act =>
      (state) =>
        changes.setLook(plane, state, { view: pan(state.look.view ?? overview, by) }),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Act =>
      (state) =>
        changes.setLook(plane, state, { cut: { from, to } }),
  ),
  oneOf([null, ...fieldNames]).map(
    (field): Act =>
      (state) =>
        changes.setLook(plane, state, { field }),
  ),
  fc.record({ paths: fc.boolean(), followNoise: fc.boolean(), coverage: fc.boolean() }).map(
    (look): Act =>
      (state) =>
        changes.setLook(plane, state, look),
  ),
  oneOf(['points', 'density'] as const).map(
    (shading): Act =>
      (state) =>
        changes.setLook(plane, state, { shading }),
  ),
  fc.nat(511).map(
    (particle): Act =>
      (state) =>
        changes.toggleLink(plane, state, particle),
  ),
  fc.double({ min: 0, max: 1024, noNaN: true }).map(
    (position): Act =>
      (state) =>
        changes.scrubTo(state, position),
  ),
  oneOf([changes.togglePlay, changes.playAgain]).map((act): Act => act),
);

/** What a hand does, some thirty times at most. */
export const reachable: fc.Arbitrary<State<PlaneKinds>> = fc
  .array(fc.oneof(schemeAct, panelAct, samplingAct, lookAct), { maxLength: 30 })
  .map((acts) => acts.reduce((state, act) => changes.fit(plane, act(state)), changes.fit(plane, openingState(plane, false))));

const written = [
  'v=1&schemes=none,ht-1.10~weight:2.5~guide.sigmaScale:1.3,apg&seed=12&particles=512&step=3',
  'v=1&schemes=autoguidance~guide.model:guide-A32-0064~schedule:{%22curve%22:{%22points%22:[[0,0],[0.5,2],[1,1]]}}&levels=~steps:16~max:9',
  'v=1&view=0.45,1.22,0.3&field=ratio&cut=-1,-1,1,1&lit=1,2,3&coverage=1&follow=0&paths=1&shading=density',
  'v=1&schemes=autoguidance~guide.model:guide-32-0064:AB,none~main:exact:B,cfg-toy~main:own-dropped-0123456789:B',
  'v=1&schemes=[{%22main%22:%22exact:A%22,%22weight%22:3}]&levels=~spacing:linear',
  'v=1&schemes=[{%22main%22:{%22model%22:%22exact%22,%22condition%22:%22AB%22},%22guide%22:{%22model%22:%22exact:B%22},%22weight%22:3}]',
  'v=1&schemes=own~combination.own.text:%22D1%20%2B%20w%20*%20(D1%20-%20D0)%22,apg~combination:{%22own%22:{%22text%22:%22D1%22,%22values%22:{%22g%22:1}}}',
  'v=1&distribution=two-moons&schemes=dropout~levels.steps:16,momentum&levels=~spacing.edm.rho:5&preset=moons&panels=2&sigma=0.5',
];
const pieces = [
  ...'=&,~:.%{}[]"\\/#?0123456789-e',
  'null',
  '__proto__',
  'constructor',
  '1e999',
  'NaN',
  '%',
  '%zz',
  '\u0000',
  '😀',
  '~foo:1',
  '[]',
];

/** Fragments of addresses: good ones in which up to four places are spoiled, or made of pieces alone. */
export const fragments: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(oneOf(written), fc.array(fc.tuple(fc.nat(160), fc.nat(7), oneOf(['', ...pieces])), { maxLength: 4 }))
    .map(([good, spoils]) => spoils.reduce((text, [from, length, piece]) => text.slice(0, from) + piece + text.slice(from + length), good)),
  fc.array(oneOf(pieces), { maxLength: 60 }).map((made) => `v=1&${made.join('')}`),
);

/** What of a state no control could show: numbers that are none, and parts that are no variant with all of its parameters. */
export function lacks(state: PlaneState): string[] {
  const lacking: string[] = [];
  JSON.stringify(state, (field, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) lacking.push(`${field} is ${value}`);
    return value;
  });
  const check = (field: string, variants: Variant[], value: VariantValue) => {
    const found = value && variantOf(variants, value);
    if (!found) lacking.push(`${field} cannot be ${JSON.stringify(value)}`);
    else if (found.parameters.some(({ path }) => typeof at(value, path) !== 'number')) lacking.push(`${field} lacks a number`);
  };
  for (const { scheme } of state.panels) {
    for (const { field, variants } of parts) check(field, variants, scheme[field] as VariantValue);
  }
  check('spacing', catalogue.spacings, state.sampling.levels.spacing as VariantValue);
  return lacking;
}
