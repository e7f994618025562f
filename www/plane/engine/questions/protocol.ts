// What the page's main thread and the worker that answers questions say to each other.
import type { DataId } from '../../../scheme/data.js';
import type { DataOrder } from '../../../engine/data-supply.js';
import type { Failure } from '../../../engine/types.js';
import type { Answer, Posed } from './questions.js';

export type Order =
  | DataOrder
  /** The first data are those to be ready for. */
  | { type: 'load'; core: WebAssembly.Module; data: DataId }
  | { type: 'network'; name: string; bytes: Uint8Array }
  | { type: 'ask'; request: number; question: Posed }
  /** Nobody waits for it any more. */
  | { type: 'drop'; request: number };

export type Reply =
  /** It is answered once these networks are there; others are meanwhile. */
  | { type: 'missing'; request: number; names: string[] }
  | { type: 'answered'; request: number; answer: Answer }
  | { type: 'refused'; request: number; failure: Failure }
  /** The core could not be started: there will be no answers. */
  | { type: 'unavailable'; failure: Failure };
