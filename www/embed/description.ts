// What an embed's attributes, events and methods mean, for people and editors: custom-elements.json and the lists of
// docs/embedding.md are made from it. Not part of the element, which is to be small.
import type { EmbedProperty } from './attributes.js';
import type { Group } from '../components/groups.js';
import type { EmbedEvents } from '../components/events.js';

interface Description {
  /** In TypeScript's words. */
  type: string;
  description: string;
  default: string;
}

export const properties: Readonly<Record<EmbedProperty, Description>> = {
  lab: {
    type: 'string',
    default: 'plane',
    description: 'What is sampled: `plane`, data that are points in a plane; or `images`, pictures from a prompt.',
  },
  preset: { type: 'string', default: 'opening', description: 'A view by its name, from which everything else starts.' },
  distribution: {
    type: 'string',
    default: 'tree-2',
    description:
      'What the data are: `tree-2`, the paper’s, or a tree of another seed, `two-moons`, `two-rings`, `two-spirals`, `checkerboard` or `eight-gaussians`; or a drawing, by the name that its link has. Networks know `tree-2` only: elsewhere exact models take their place.',
  },
  schemes: {
    type: 'string | (string | object)[]',
    default: 'none,classifier-free,autoguidance',
    description: 'One to six schemes, a panel each: names, `name~weight:2.5` for what is changed of one, or descriptions in JSON.',
  },
  panels: { type: 'number', default: 'all', description: 'Only the first so many of the schemes.' },
  levels: { type: 'string | object', default: '32 steps, 5 to 0.002', description: 'Noise levels: `~steps:16~max:9`.' },
  seed: { type: 'number', default: '1', description: 'Seed of the noise.' },
  particles: { type: 'number', default: '4096', description: 'Particles in each panel: 512 to 131072, by powers of two.' },
  prompt: {
    type: 'string',
    default: 'an astronaut riding a horse',
    description: 'With `images`: what pictures are asked for. Words that are not known are left out.',
  },
  pictures: { type: 'number', default: '16', description: 'With `images`: pictures in each panel, 4, 9, 16, 36 or 64.' },
  shows: {
    type: "'picture' | 'main' | 'guide' | 'guided'",
    default: 'picture',
    description:
      'With `images`: the pictures with the noise that is left, or what the main model, the guide or the scheme estimates of them.',
  },
  large: { type: 'boolean', default: 'false', description: 'With `images`: only the picture that is lit, as large as the panel.' },
  shares: {
    type: 'boolean',
    default: 'false',
    description: 'With `images`: how often styles and backgrounds are seen, beside how often they should be.',
  },
  view: { type: 'string | number[]', default: 'everything', description: 'Centre and half width of what is seen: `x,y,halfWidth`.' },
  follow: { type: 'boolean', default: 'true', description: 'Whether the view widens with the noise.' },
  paths: { type: 'boolean', default: 'false', description: 'Whether the paths of some particles are drawn.' },
  coverage: { type: 'boolean', default: 'false', description: 'Whether branches are coloured by how often they are visited.' },
  shading: { type: "'points' | 'density'", default: 'by the number', description: 'How particles are drawn.' },
  field: {
    type: 'string',
    default: 'none',
    description:
      'A field under the particles: `main-score`, `guide-score`, `difference`, `result`, `error`, `data-density`, `main-density`, `guide-density` or `ratio`.',
  },
  cut: { type: 'string | number[]', default: 'none', description: 'A line along which densities are shown: `x0,y0,x1,y1`.' },
  lit: {
    type: 'string | number[]',
    default: 'none',
    description: 'Particles that are lit in every panel, by number; with `images` one picture.',
  },
  step: { type: 'number', default: 'the end', description: 'The step at which it pauses, 0 (noise) to the number of steps.' },
  sigma: { type: 'number', default: 'the end', description: 'The noise level nearest to which it pauses.' },
  state: {
    type: 'string',
    default: 'the opening view',
    description: 'The whole state, as in an address behind its `#`; other attributes come over it.',
  },
  show: {
    type: 'string',
    default: 'schemes parameters results clock',
    description: 'Groups of controls to show besides the usual ones, or `all`.',
  },
  hide: { type: 'string', default: '', description: 'Groups of controls to leave out.' },
  autoplay: { type: 'boolean', default: 'false', description: 'Plays once when first seen, where motion is welcome.' },
  theme: {
    type: "'auto' | 'light' | 'dark'",
    default: 'auto',
    description: 'Colours; `auto` takes those that suit what the figure stands on.',
  },
  engine: {
    type: "'auto' | 'best' | 'cpu' | 'webgpu'",
    default: 'auto',
    description:
      'What samples. `auto`: WebGPU, where there is one, for more than 8192 particles, since it is twice as much to load; `best`: WebGPU where there is one, and then 16384 particles.',
  },
  poster: { type: 'string', default: 'none', description: 'Address of a picture that stands there until the figure does.' },
  label: { type: 'string', default: 'Guidance Playground', description: 'What the figure is called for those who do not see it.' },
  home: {
    type: 'string',
    default: 'none',
    description: 'Address of a playground that a link below the figure leads to, with what is seen.',
  },
  networks: {
    type: 'string',
    default: 'none',
    description:
      'Addresses, with blanks between them, of the `.safetensors` files of networks that do not ship and that the schemes name. A host other than the page’s has to allow that (CORS).',
  },
  address: {
    type: 'boolean',
    default: 'false',
    description: 'The page’s address has the state, and is kept in step with it; one figure of a page at most.',
  },
};

/** Groups of controls, for `show` and `hide`. */
export const groups: Readonly<Record<Group, string>> = {
  schemes: 'Menus that choose each panel’s scheme; without them, its title.',
  parameters: 'Each scheme’s formula and its own numbers, such as the weight.',
  menus: 'A menu to duplicate, move and remove each panel.',
  models: 'Sliders along the training of the main model and of the guide.',
  details: 'The parameters of each scheme.',
  captions: 'What each scheme does, and its source.',
  results: 'Each panel’s metrics, with their noise floors.',
  clock: 'Play, step, and the strip of weights over the noise level.',
  toolbar: 'Tools, undo, zoom, copying and export.',
  sampling: 'Particles, seed, noise levels, and how they are looked at.',
  lit: 'The table of lit particles.',
  engine: 'What samples, and how fast.',
  studies: 'What was tried, and sweeps.',
};

/** Events, and what their `detail` is. */
export const events: Readonly<Record<Exclude<keyof EmbedEvents, 'composed'>, string>> = {
  ready: 'Everything asked for is sampled for the first time; `detail.state` is the state.',
  change: 'The state has become another, by hand or by script; `detail.state` is it.',
  frame: 'Another moment is shown; `detail` has `step`, `steps` and `sigma`.',
  error: 'Something cannot be had; `detail` has `code`, `message` and `advice`.',
  enginechange: 'Something else samples; `detail` has `kind`, `description` and `notice`.',
};

interface Parameter {
  name: string;
  type: string;
  /** What it is where it is left out; one without this cannot be. */
  default?: string;
}

interface Method {
  parameters: Parameter[];
  /** What the promise resolves with. */
  result: string;
  description: string;
}

/** A signal that stops the work, and a listener that hears which share of it is done. */
const patience = 'signal?: AbortSignal; progress?: (share: number) => void';
const watched: Parameter = { name: 'options', type: `{ ${patience} }`, default: '{}' };
const pictured: Parameter = {
  name: 'options',
  type: `{ scale?: number; transparent?: boolean; captions?: boolean; legend?: boolean; ${patience} }`,
  default: '{}',
};

export const methods: Readonly<Record<string, Method>> = {
  play: { parameters: [], result: 'void', description: 'Plays, from the start where it is at its end.' },
  pause: { parameters: [], result: 'void', description: 'Stops the clock.' },
  seek: {
    parameters: [{ name: 'step', type: 'number' }],
    result: 'void',
    description: 'Goes to a step, 0 (noise) to the number of steps, and pauses.',
  },
  setState: {
    parameters: [{ name: 'state', type: 'string | Partial<EmbedProperties>' }],
    result: 'void',
    description:
      'Changes the state: text as in an address, or properties by name; rejects where it cannot be had, and then changes nothing.',
  },
  metrics: {
    parameters: [],
    result: '(Metrics | null)[]',
    description: 'Each panel’s metrics, once all are sampled; null for one that failed.',
  },
  exportImage: {
    parameters: [{ name: 'type', type: "'png' | 'svg' | 'gif' | 'webm' | 'mp4'", default: "'png'" }, pictured],
    result: 'Blob',
    description:
      'What is seen now, as a picture, or a film from noise to data. Options of pictures: `scale`, 1 to 4 times the size on the page, and to 8 of pictures from a prompt (a PNG has the screen’s pixels without it), `transparent`, `captions: false` without titles and metrics, `legend: false` without legends of what is laid over particles; `signal` stops the work, `progress` hears which share is done. Rejects with `code` and `advice` where there is no such type or option, or no room on the page to draw for.',
  },
  exportData: {
    parameters: [
      {
        name: 'type',
        type: "'json' | 'particles.csv' | 'trajectories.csv' | 'trajectories.json' | 'metrics.csv' | 'readings.csv' | 'npz'",
        default: "'json'",
      },
      watched,
    ],
    result: 'Blob',
    description:
      'Everything with the metrics (`json`); of the plane particles and trajectories; of pictures from a prompt a table of metrics, one of what is seen in each, and the pictures as numbers for NumPy (`npz`). The whole configuration is in it. Rejects with `code` and `advice` where there is no such type or option.',
  },
};

/** Of the whole element. */
export const element = {
  tag: 'guidance-playground',
  class: 'GuidancePlayground',
  description: 'A live figure: diffusion guidance schemes side by side, on the same noise.',
};

/** Properties that are no attributes, and cannot be set. */
export const readable = {
  settings: { type: 'State | null', description: 'The state now, as plain data; null before the figure is loaded.' },
};

export const slots = {
  poster: 'What is seen until the figure is there; it takes the place of the picture that `poster` names.',
  '': 'For readers without JavaScript: nobody else sees it.',
};

export const parts = {
  poster: 'The box around the poster.',
  link: 'The link to the playground, below the figure.',
};

export const cssProperties = {
  '--guidance-playground-gutter': {
    syntax: '<length>',
    default: '0px',
    description: 'Room between the figure and the edge of the screen, into which a row of panels that is moved sideways may run.',
  },
};
