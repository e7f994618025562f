// What the page's main thread and the worker that answers questions say to each other.
import type { Answer, Question } from './questions.js';
import type { Failure } from '../types.js';

export type Order =
  | { type: 'load'; core: WebAssembly.Module }
  | { type: 'network'; name: string; bytes: Uint8Array }
  | { type: 'ask'; request: number; question: Question }
  /** Nobody waits for it any more. */
  | { type: 'drop'; request: number };

export type Reply =
  /** It is answered once these networks are there; others are meanwhile. */
  | { type: 'missing'; request: number; names: string[] }
  | { type: 'answered'; request: number; answer: Answer }
  | { type: 'refused'; request: number; failure: Failure }
  /** The core could not be started: there will be no answers. */
  | { type: 'unavailable'; failure: Failure };
