// A table of schemes and their parts, as the core writes it: all controls and texts are made from it.
import { ownOf, plainText, withRule } from './own-rule.js';
import { at, withAt } from './pointer.js';
import type { Guide, ModelName, Scheme } from './scheme.js';

/** A number: what it is called, what the core accepts, what a control offers. */
export interface Parameter {
  /** As a formula writes it, Greek letters by name. */
  symbol: string;
  name: string;
  least: number;
  greatest: number;
  from: number;
  to: number;
  step: number;
  default: number;
  /** Only whole numbers. */
  whole: boolean;
}

/** A parameter, and the JSON pointer to it. */
export interface Control extends Parameter {
  path: string;
}

/** What stands in JSON for one of several variants: its name, or its name over its parameters. */
export type VariantValue = string | Record<string, object>;

/** A row. What it does, in words, and where it comes from it says once its table has been told (`explain`). */
export interface Described {
  id: string;
  name: string;
  /** Of kinds of guide and of rules; of other parts once the table has been told. */
  formula?: string;
  explanation?: string;
  reference?: string;
  /** As a rule of one's own, with its parameters, once the table has been told; of rules that can be said so. */
  text?: string;
}

export interface Variant extends Described {
  /** With its default parameters. */
  value: VariantValue;
  /** Its own, by pointers into `value`; what they are called and their ranges once the table has been told. */
  parameters: Control[];
}

/** A kind of guide. */
export interface SchemeInfo extends Described {
  formula: string;
  scheme: Scheme;
  /** Its own, by pointers into `scheme`. */
  parameters: Control[];
  /** Models that can be the guide, as text; none where there is no guide, or where it is the main model again. */
  guides: string[];
}

/** A paper's setting. */
export interface Preset extends Described {
  scheme: Scheme;
}

/** What data can be, but for trees of other seeds. */
export interface DistributionInfo {
  id: string;
  name: string;
}

/** A network that ships: what it learned, and how. */
export interface NetworkInfo {
  /** The name of its file, by which version 1 of the description called it. */
  name: string;
  /** What schemes call it, beside its condition. */
  model: string;
  /** What the training is called, beside its condition, that it is a snapshot of, and the iterations that it has had. */
  training: string;
  iterations: number;
  /** The distribution that it learned, where there are several. */
  data?: string;
  /** The classes of that; null is any, as one asks. */
  condition: string | null;
  /** The noise that it learned to see through. */
  noise: Guide['noise'];
  seed: number;
  /** Of its numbers, as they are stored. */
  bytes: number;
}

export interface Catalogue {
  distributions?: DistributionInfo[];
  /** The classes of exact models; null is any, as one asks. */
  conditions: (string | null)[];
  networks: NetworkInfo[];
  schemes: SchemeInfo[];
  presets: Preset[];
  schedules: Variant[];
  readings: Variant[];
  combinations: Variant[];
  spaces: Variant[];
  solvers: Variant[];
  spacings: Variant[];
  interval: Control[];
  levels: Control[];
  /** What schemes of this table may have besides. A row's value is what makes a scheme one with this: a field to be put in. */
  options?: OptionInfo[];
}

export interface OptionInfo extends Described {
  value: Record<string, unknown>;
  /** Its own, by pointers into the scheme. */
  parameters: Control[];
}

/** A model as text: `exact:A`. */
export function textOf({ model, condition }: ModelName): string {
  return condition === null ? model : `${model}:${condition}`;
}

/** The true model of some classes. */
export function exactModel(condition: string | null): ModelName {
  return { model: 'exact', condition };
}

/** As text a condition has neither points nor slashes. */
export function splitText(text: string): ModelName {
  const [, model, condition] = /^(.+):([^:/\\.]+)$/s.exec(text) ?? [];
  return model ? { model, condition: condition! } : { model: text, condition: null };
}

/** A scheme with another model as its guide, which otherwise stays as it is. */
export function withGuide(scheme: Scheme, { model, condition }: ModelName): Scheme {
  return { ...scheme, guide: { ...scheme.guide!, model, condition } };
}

/** The name of a variant, which is how JSON tells it from the others. */
export function nameOf(value: VariantValue): string {
  return typeof value === 'string' ? value : Object.keys(value)[0]!;
}

export function variantOf(variants: readonly Variant[], value: VariantValue): Variant {
  const rule = ownOf(value);
  if (!rule) return variants.find(({ id }) => id === nameOf(value))!;
  // Each rule of one's own is another.
  return { ...ownRule, name: rule.name || ownRule.name, formula: rule.text, parameters: parametersOfRules.get(rule.text) ?? [] };
}

/** A rule of one's own, among the combinations. */
export const ownRule: Readonly<Variant> = {
  id: 'own',
  name: 'Own rule',
  value: withRule({ text: plainText }),
  parameters: [],
};

/** By texts of rules of one's own that were compiled: their parameters, by pointers into combinations; none of what is no rule. */
export const parametersOfRules = new Map<string, Control[]>();

/** Whether the guide is the main model again, and so changes with it. */
export function repeatsMain({ guides, scheme: { main, guide } }: SchemeInfo): boolean {
  return guides.length === 0 && guide !== null && textOf(guide) === textOf(main);
}

/** A choice for a panel: a kind of guide, or a preset and the kind of its guide. */
export interface Choice extends Preset {
  kind: SchemeInfo;
}

/** A part of a scheme that is one of several variants, the default first. */
export interface Part {
  field: keyof Scheme;
  name: string;
  variants: Variant[];
}

/** What a scheme may have besides, in a field that others leave as it is: null, an empty list, or a name. */
export interface Option {
  field: keyof Scheme;
  /** What is in the field of a scheme that has this, and of one that has not. */
  on: unknown;
  off: unknown;
  info: OptionInfo;
}

/** Whether a scheme has an option. */
export function hasOption({ field, on, off }: Option, scheme: Scheme): boolean {
  const value: unknown = scheme[field];
  if (Array.isArray(value)) return value.length > 0;
  return off === null ? value !== null : nameOf(value as VariantValue) === nameOf(on as VariantValue);
}

/** What rows do, and where they come from, and ranges of parts' parameters: of each list of the table by identifiers. */
export type Explanations = Record<string, Record<string, Partial<Described> & { parameters?: Control[] }>>;

/** The table of what is sampled, with the questions that are asked of it. */
export class SchemeTable {
  readonly parts: readonly Part[];
  readonly options: readonly Option[];
  /** Every model that comes with it, as text. */
  readonly models: string[];
  /** Models that can be the main one: the noise of others is not what the sampler removes. */
  readonly mains: string[];
  readonly #networks: Map<string, NetworkInfo>;
  readonly #choices = new Map<string, Choice>();

  constructor(readonly catalogue: Catalogue) {
    const { conditions, networks, schedules, readings, combinations, spaces, solvers, schemes, presets } = catalogue;
    this.parts = [
      { field: 'schedule', name: 'Schedule of the weight', variants: schedules },
      { field: 'reading', name: 'Reading of the schedule', variants: readings },
      { field: 'combination', name: 'Combination', variants: [...combinations, ownRule] },
      { field: 'space', name: 'Space of combination', variants: spaces },
      { field: 'solver', name: 'Solver', variants: solvers },
    ];
    this.options = (catalogue.options ?? []).map((info) => {
      const [[field, on]] = Object.entries(info.value) as [[keyof Scheme, unknown]];
      return { field, on, off: schemes[0]!.scheme[field], info };
    });
    this.#networks = new Map(networks.map((network) => [textOf(network), network]));
    this.models = [...conditions.map((condition) => textOf(exactModel(condition))), ...this.#networks.keys()];
    this.mains = this.models.filter((model) => (this.networkOf(model)?.noise ?? 'gaussian') === 'gaussian');
    for (const kind of schemes) this.#choices.set(kind.id, { ...kind, kind });
    for (const preset of presets) this.#choices.set(preset.id, { ...preset, kind: this.kindOfGuide(preset.scheme) });
    const guided = schemes.find(({ scheme }) => scheme.guide)!;
    const scheme = { ...guided.scheme, combination: ownRule.value as Scheme['combination'] };
    this.#choices.set(ownRule.id, { ...ownRule, scheme, kind: guided });
  }

  /** The rows say what they do, and where they come from, which only those load who show it. */
  explain(about: Explanations): void {
    for (const [list, rows] of Object.entries(about)) {
      for (const row of this.catalogue[list as keyof Catalogue] as Described[]) Object.assign(row, rows[row.id]);
    }
  }

  /** From now on this is known of a network that does not ship, called by its model alone. */
  learn(network: NetworkInfo): void {
    this.#networks.set(network.model, network);
  }

  /** What is known of a network, by its text; nothing of what does not ship, but of those that were learned of. */
  networkOf(model: string): NetworkInfo | undefined {
    return this.#networks.get(model) ?? this.#networks.get(splitText(model).model);
  }

  /** Whether a model comes with it, whatever its condition. */
  ships(model: string): boolean {
    return this.models.some((text) => splitText(text).model === model);
  }

  /** The conditions of a model that comes with it, its first one first; none of another, or where they are any. */
  conditionsOf(model: string): string[] {
    return this.models.map(splitText).flatMap((each) => (each.model === model && each.condition !== null ? [each.condition] : []));
  }

  /** A model's text in two parts; the names of version 1 of the description, which said a class too, are read here alone. */
  partsOf(text: string): ModelName {
    const { model, condition } = this.catalogue.networks.find(({ name }) => name === text) ?? splitText(text);
    return { model, condition };
  }

  /** A model with its condition, where that is left out or stands in its name; throws a sentence where it has no such condition. */
  modelName(name: ModelName): ModelName {
    const { model, condition } = name.condition === null ? this.partsOf(name.model) : name;
    const known = this.conditionsOf(model);
    if (condition !== null && known.length > 0 && !known.includes(condition)) {
      throw new Error(`${model} has no condition “${condition}”: it has ${known.join(', ')}`);
    }
    return { model, condition: condition ?? known[0] ?? null };
  }

  /** Kinds of guide, papers' settings, and a rule of one's own. */
  get choices(): Choice[] {
    return [...this.#choices.values()];
  }

  hasChoice(id: string): boolean {
    return this.#choices.has(id);
  }

  choiceOf(id: string): Choice {
    return this.#choices.get(id)!;
  }

  /** A scheme without its guidance; null where nothing guides it. */
  unguided({ main, guide, combination, solver, levels }: Scheme): Scheme | null {
    if (!guide && nameOf(combination) === nameOf(this.catalogue.combinations[0]!.value)) return null;
    return { ...this.choiceOf('none').scheme, main, solver, levels };
  }

  /** The parts of a scheme that are others than those of its kind of guide, by field. */
  ownParts(kind: SchemeInfo, scheme: Scheme): Partial<Record<keyof Scheme, Variant>> {
    const own = this.parts.flatMap(({ field, variants }) => {
      const value = scheme[field] as VariantValue;
      return nameOf(value) === nameOf(kind.scheme[field] as VariantValue) ? [] : [[field, variantOf(variants, value)]];
    });
    return Object.fromEntries(own);
  }

  /**
   * The kind of guide that a scheme has: the most particular one that makes the same guide when its parameters are set as
   * in the scheme.
   */
  kindOfGuide(scheme: Scheme): SchemeInfo {
    const plain = nameOf(this.catalogue.combinations[0]!.value);
    const isPlain = (kind: SchemeInfo) => nameOf(kind.scheme.combination) === plain;
    const fits = this.catalogue.schemes.filter((kind) => {
      if (!isPlain(kind) && this.ownParts(kind, scheme).combination) return false;
      if (!scheme.guide || !kind.scheme.guide) return scheme.guide === kind.scheme.guide;
      if (repeatsMain(kind) ? textOf(scheme.guide) !== textOf(scheme.main) : !this.#offers(kind, scheme.guide)) return false;
      const made = kind.parameters
        .filter(({ path }) => path.startsWith('/guide/'))
        .reduce((made, { path }) => withAt(made, path, at(scheme, path)), withGuide(kind.scheme, scheme.guide));
      return JSON.stringify(made.guide) === JSON.stringify(scheme.guide);
    });
    return fits.find((kind) => !isPlain(kind)) ?? fits.find(repeatsMain) ?? fits[0]!;
  }

  /** Whether a kind has this guide; where conditions are any, one of another condition is of the same kind. */
  #offers({ guides }: SchemeInfo, guide: ModelName): boolean {
    if (guides.includes(textOf(guide))) return true;
    const isLike = ({ model, condition }: ModelName) => model === guide.model && condition !== null;
    return guide.condition !== null && this.catalogue.conditions.includes(null) && guides.map(splitText).some(isLike);
  }
}
