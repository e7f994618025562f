import { spawnSync } from 'node:child_process';

/** Standard output of a program that has to succeed. */
export function run(program, parameters, cwd, input = '') {
  const { status, error, stdout, stderr } = spawnSync(program, parameters, { cwd, input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}
