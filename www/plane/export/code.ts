// A panel of the plane, to be run elsewhere.
import { describe, inPython, lineOf, remarksOf, schemeText } from '../../export/code.js';
import { papersTree } from '../../scheme/scheme.js';
import type { PanelState } from '../../state/state.js';
import { planeSchemes } from '../schemes.js';
import type { PlaneSampling } from '../state/state.js';

/** A line for a shell, which ends with the metrics. */
export function commandOf(panel: PanelState, { seed, particles, levels, distribution }: PlaneSampling): string {
  const data = distribution === papersTree ? [] : ['--data', distribution];
  const scheme = schemeText(planeSchemes, panel, levels);
  const sample = lineOf(['guidance-playground', 'sample', '--scheme', scheme, ...data, '--particles', particles, '--seed', seed]);
  return `${remarksOf(planeSchemes, panel)}${sample} | ${lineOf(['guidance-playground', 'metrics', ...data])}\n`;
}

/** A program in Python, which prints the metrics. */
export function pythonOf(panel: PanelState, { seed, particles, levels, distribution }: PlaneSampling): string {
  const isOther = distribution !== papersTree;
  const data = isOther ? ', distribution=data' : '';
  return `import guidance_playground as gp

${remarksOf(planeSchemes, panel)}scheme = ${inPython(describe(planeSchemes, panel, levels))}
${isOther ? `data = ${inPython(distribution)}\n` : ''}samples = gp.sample(scheme, particles=${particles}, seed=${seed}${data})
print(gp.metrics(samples.positions${data}))
`;
}
