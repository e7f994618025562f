// The build that compiles rules of one's own and runs them (src/web/own_rule.rs), without JavaScript of its own: workers hold this too.
import type { OwnRule } from '../../scheme/own-rule.js';

interface Exports {
  memory: WebAssembly.Memory;
  text(): number;
  numbers(): number;
  said(): number;
  compile(length: number): number;
  names(): number;
  open(length: number): number;
  traits(rule: number): number;
  values(rule: number): void;
  shader(rule: number): number;
  answers(rule: number, particles: number): void;
}

/** A parameter that a text declares: its value at first, its range, and the step of a control. */
export interface RuleParameter {
  symbol: string;
  default: number;
  from: number;
  to: number;
  step: number;
}

export interface RuleText {
  parameters: RuleParameter[];
  /** Whether it speaks of the guide. */
  guided: boolean;
  /** Whether it speaks of the guide and not of the weight: it guides at a weight of 1, too. */
  always: boolean;
  /** Whether particles remember something for it. */
  remembers: boolean;
}

/** What is wrong with a text, in a sentence, and where: line and column from 1, in letters as the length. */
export interface Mistake {
  problem: string;
  line: number;
  column: number;
  length: number;
}

/** Most bytes of what comes in. */
const most = 4096;

/** Numbers of a stage, and of a particle. */
const [ofStage, ofEach] = [8, 11];

export type Module = ReturnType<typeof instantiate>;

export function instantiate(compiled: WebAssembly.Module) {
  // What wasm-bindgen links in for errors that are none here.
  const nothing: WebAssembly.ModuleImports & WebAssembly.Imports = new Proxy(Function, { get: () => nothing }) as never;
  const wasm = new WebAssembly.Instance(compiled, nothing).exports as unknown as Exports;
  const put = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length <= most) new Uint8Array(wasm.memory.buffer, wasm.text()).set(bytes);
    return bytes.length;
  };
  const said = (length: number) => new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, wasm.said(), length));
  // Looked for each time: memory that grows is another.
  const numbers = (count: number) => new Float64Array(wasm.memory.buffer, wasm.numbers(), count);
  return {
    wasm,
    put,
    said,
    /** The number by which cores ask for a rule; below 0, of one that is none, so many bytes of `said` tell what is wrong. */
    open({ text, values = {} }: OwnRule): number {
      numbers(4).set(Object.values(values).slice(0, 4));
      return wasm.open(put([text, ...Object.keys(values)].join('\0')));
    },
    /** What cores ask of the global scope (src/guidance/rule/hosted.rs). */
    asked: {
      traits: wasm.traits,
      values(rule: number) {
        wasm.values(rule);
        return numbers(4).slice();
      },
      shader: (rule: number) => said(wasm.shader(rule)),
      answers(rule: number, moment: Float64Array, each: Float64Array) {
        const all = numbers(ofStage + each.length);
        all.set(moment);
        all.set(each, ofStage);
        wasm.answers(rule, each.length / ofEach);
        each.set(numbers(ofStage + each.length).subarray(ofStage));
      },
    },
  };
}
