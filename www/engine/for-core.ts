// Runs as cores take them.
import type * as core from '../../pkg/guidance_playground.js';
import type { RunConfig } from '../scheme/scheme.js';
import { hosted } from './rules/host.js';

/** What a run does, for the core of its distribution, whose types say undefined where JSON, which is what crosses, says null. */
export function forCore({ scheme, particles, seed }: Omit<RunConfig, 'distribution'>): core.RunConfig {
  return { scheme: hosted(scheme) as core.Scheme, particles, seed };
}
