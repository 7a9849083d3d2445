/** Nodes that are too old for Roster: one that only says so, and those that this machine has. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface OldNode {
  name: string;
  /** The program and its first arguments. */
  command: readonly [program: string, ...args: string[]];
  version: string;
}

const stub = new URL('../fixtures/old-node.cjs', import.meta.url).pathname;
const pretended = '20.19.0';

function readVersion(program: string): string {
  return execFileSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 18);
}

export function listOldNodes(): OldNode[] {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((program) => !program.includes('node_modules') && existsSync(program))
    .map((program) => ({ program, version: readVersion(program) }))
    .filter(({ version }) => isOld(version));
  const real = new Map(found.map(({ program, version }) => [version, program]));
  return [
    { name: `pretended ${pretended}`, command: [process.execPath, '-r', stub], version: pretended },
    ...[...real].map(([version, program]) => ({ name: `real ${version}`, command: [program] as const, version })),
  ];
}
