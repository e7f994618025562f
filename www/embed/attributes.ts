// All that can be asked of an embed, by attribute and by property; what it means stands in description.ts. What of it is state is
// part of an address by the same names and grammar (state/address.ts): one validation for addresses, attributes, `setState` and
// exported files. Only the embed with the attribute `address` reads and writes the page's.
import type { EngineWish } from '../engine/types.js';

export const engines: readonly EngineWish[] = ['auto', 'best', 'cpu', 'webgpu'];
export const themes = ['auto', 'light', 'dark'] as const;

/** What each property takes; attributes take the same as text. */
export interface EmbedProperties {
  lab: string;
  preset: string;
  distribution: string;
  schemes: string | readonly (string | object)[];
  panels: number;
  levels: string | object;
  seed: number;
  particles: number;
  prompt: string;
  pictures: number;
  shows: 'picture' | 'main' | 'guide' | 'guided';
  large: boolean;
  shares: boolean;
  view: string | readonly number[];
  follow: boolean;
  paths: boolean;
  coverage: boolean;
  shading: 'points' | 'density';
  field: string;
  cut: string | readonly number[];
  lit: string | readonly number[];
  step: number;
  sigma: number;
  state: string;
  show: string;
  hide: string;
  autoplay: boolean;
  theme: (typeof themes)[number];
  engine: EngineWish;
  poster: string;
  label: string;
  home: string;
  networks: string;
  address: boolean;
}

export type EmbedProperty = keyof EmbedProperties;

interface Attribute {
  /** Part of the state, under the same name and with the same grammar as in an address. */
  state?: true;
  boolean?: true;
}

export const attributes: Readonly<Record<EmbedProperty, Attribute>> = {
  lab: {},
  preset: { state: true },
  distribution: { state: true },
  schemes: { state: true },
  panels: { state: true },
  levels: { state: true },
  seed: { state: true },
  particles: { state: true },
  prompt: { state: true },
  pictures: { state: true },
  shows: { state: true },
  large: { state: true, boolean: true },
  shares: { state: true, boolean: true },
  view: { state: true },
  follow: { state: true, boolean: true },
  paths: { state: true, boolean: true },
  coverage: { state: true, boolean: true },
  shading: { state: true },
  field: { state: true },
  cut: { state: true },
  lit: { state: true },
  step: { state: true },
  sigma: { state: true },
  state: {},
  show: {},
  hide: {},
  autoplay: { boolean: true },
  theme: {},
  engine: {},
  poster: {},
  label: {},
  home: {},
  networks: {},
  address: { boolean: true },
};

/** As attributes and addresses write it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object') ? JSON.stringify(value) : value.join();
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([field, part]) => `~${field}:${typeof part === 'string' ? part : JSON.stringify(part)}`)
    .join('');
}
