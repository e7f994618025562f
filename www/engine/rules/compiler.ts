// The compiler of rules of one's own, fetched where there is such a rule, or one is written.
import address from '../../../pkg/own-rule/guidance_playground_bg.wasm?url';
import { AdvisedError } from '../failure.js';
import { fetchNetwork, ship } from '../networks.js';
import { instantiate, type Mistake, type RuleText } from './module.js';
import { rulesFile, type RuleName } from '../../scheme/own-rule.js';

// Workers wait for it as they wait for networks.
ship(
  (name) => (name === rulesFile ? address : undefined),
  async (file) => new Uint8Array(await file.arrayBuffer()),
);

export interface Compiler {
  /** What a text is, or what is wrong with it. */
  compile(text: string): RuleText | Mistake;
  /** Names of the language. */
  readonly names: readonly RuleName[];
}

let opening: Promise<Compiler> | undefined;

/** Rejects with an AdvisedError where it cannot be fetched; the next to ask tries again. */
export function openCompiler(): Promise<Compiler> {
  return (opening ??= open().catch((thrown) => {
    opening = undefined;
    throw thrown;
  }));
}

/** The file. Rejects with an AdvisedError where it cannot be had. */
export function fetchRules(): Promise<Uint8Array> {
  return fetchNetwork(rulesFile).catch(() => {
    throw new AdvisedError(
      'compiler-unavailable',
      'What compiles rules of one’s own, a WebAssembly file, could not be fetched.',
      'Check the connection, then try again.',
    );
  });
}

async function open(): Promise<Compiler> {
  const { put, said, wasm } = instantiate(await WebAssembly.compile((await fetchRules()) as BufferSource));
  const names = JSON.parse(said(wasm.names())) as [string, RuleName['kind']][];
  return {
    compile: (text) => JSON.parse(said(wasm.compile(put(text)))) as RuleText | Mistake,
    names: names.map(([name, kind]) => ({ name, kind })),
  };
}
