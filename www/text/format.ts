import type { Measure } from '../../pkg/guidance_playground.js';

// Numbers as people read them.

const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const integer = new Intl.NumberFormat('en');

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

export function formatDecimal(value: number, digits: number): string {
  return withMinus(value.toFixed(digits));
}

export function formatSigned(value: number, digits: number): string {
  return value > 0 ? `+${value.toFixed(digits)}` : formatDecimal(value, digits);
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
