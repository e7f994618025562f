// What a measurement was made on.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';

/** Where something was measured. */
export function machine(root) {
  const system = existsSync('/etc/os-release')
    ? /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    : `${type()} ${release()}`;
  const rust = execFileSync('rustc', ['--version'], { encoding: 'utf8', cwd: root }).trim();
  return {
    processor: cpus()[0].model.trim(),
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    arch: arch(),
    system,
    node: process.version,
    rust,
  };
}
