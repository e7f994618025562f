// Numbers as people read them.

const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const integer = new Intl.NumberFormat('en');

const pace = new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 2 });

/** A minus sign proper, not a hyphen. */
function withMinus(text: string): string {
  return text.replace('-', '−');
}

export function formatShare(share: number): string {
  return Number.isNaN(share) ? '–' : percent.format(share);
}

export function formatCount(count: number): string {
  return integer.format(count);
}

/** A speed, to the digits that last: 1.2 million. */
export function formatPace(perSecond: number): string {
  return pace.format(perSecond);
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Where decimals end: beyond, powers of ten say more in less room. */
const large = 10_000;

/** −1.2 × 10⁵. */
function formatPower(value: number): string {
  const [factor, power] = value.toExponential(1).split('e+') as [string, string];
  const raised = [...power].map((digit) => superscripts[Number(digit)]).join('');
  return `${withMinus(factor)}\u202f×\u202f10${raised}`;
}

export function formatDecimal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : withMinus(value > 0 ? '∞' : '-∞');
  if (Math.abs(value) >= large) return formatPower(value);
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : withMinus(text);
}

export function formatSigned(value: number, digits: number): string {
  const text = formatDecimal(value, digits);
  return /[1-9∞]/.test(text) && value > 0 ? `+${text}` : text;
}

/** A time: 85 ms, 1.2 s, 3 min. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)}\u00a0ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}\u00a0s`;
  return seconds < 100 ? `${Math.round(seconds)}\u00a0s` : `${Math.round(seconds / 60)}\u00a0min`;
}

/** Bytes that have come of all: 1.2 of 3.4 MB. */
export function formatBytes({ loaded, total }: { loaded: number; total: number }): string {
  const [come, all] = [loaded, total].map((bytes) => (bytes / 1e6).toFixed(1));
  return `${come} of ${all}\u00a0MB`;
}

/** A noise level, to the digits that tell it from its neighbours. */
export function formatSigma(sigma: number): string {
  if (sigma === 0) return '0';
  return sigma >= 0.0995 ? sigma.toFixed(2) : sigma.toFixed(3);
}

/** The noise level at which something is asked after a step: at the end, where none is left, that of the last step. */
export function describeLevel(sigma: number, step: number, steps: number): string {
  return `σ = ${formatSigma(sigma)}${step < steps ? '' : ', the last above 0'}`;
}

/** As at the beginning of a sentence. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
