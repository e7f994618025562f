import type { Measure } from '../../pkg/guidance_playground.js';

// Numbers as people read them.

const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const integer = new Intl.NumberFormat('en');

const pace = new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 2 });

/** A minus sign proper, not a hyphen. */
function withMinus(text: string): string {
  return text.replace('-', '−');
}

export function formatShare(share: number): string {
  return percent.format(share);
}

export function formatCount(count: number): string {
  return integer.format(count);
}

/** A speed, to the digits that last: 1.2 million. */
export function formatPace(perSecond: number): string {
  return pace.format(perSecond);
}

export function formatDecimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : withMinus(text);
}

export function formatSigned(value: number, digits: number): string {
  const text = formatDecimal(value, digits);
  return Number(text) > 0 ? `+${text}` : text;
}

/** What a perfect sampler gives: its mean and spread. */
export function formatFloor({ mean, spread }: Measure['floor'], format: (value: number) => string): string {
  return `${format(mean)} ± ${format(spread)}`;
}

/** A noise level, to the digits that tell it from its neighbours. */
export function formatSigma(sigma: number): string {
  if (sigma === 0) return '0';
  return sigma >= 0.0995 ? sigma.toFixed(2) : sigma.toFixed(3);
}
