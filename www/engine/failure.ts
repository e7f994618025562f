import type { Failure } from './types.js';

/** An error that carries its own advice, as the core's errors do. */
export class AdvisedError extends Error implements Failure {
  constructor(
    readonly code: string,
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

/** What a thrown value says, in the shape that crosses the worker's boundary. */
export function toFailure(thrown: unknown): Failure {
  const { code, message, advice } = thrown as Partial<Failure>;
  return {
    code: code ?? 'unexpected',
    message: message ?? String(thrown),
    advice: advice ?? 'Reload the page. If it happens again, it is a fault of this program.',
  };
}

/** An error of a failure that has crossed a worker's boundary. */
export function asError({ code, message, advice }: Failure): AdvisedError {
  return new AdvisedError(code, message, advice);
}

/** What happened, without the browser's own words, which can be many: those go to the console. */
export function headline({ message }: Failure): string {
  const [sentence, ...details] = message.split(/(?<=\.) \(/);
  if (details.length > 0) console.info(message);
  return sentence!;
}
