/**
 * Runs every check, a stage after the other, and prints what each took. `--full` runs the long suites at their full
 * counts; without it they run at a tenth. Further words name test files to run instead of all.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensurePrerequisites } from './support/prerequisites.ts';

const root = resolve(import.meta.dirname, '..');
const isFull = process.argv.includes('--full');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));

interface Stage {
  name: string;
  run: () => boolean;
}

function command(...args: readonly string[]): () => boolean {
  const [program = '', ...rest] = args;
  const env = { ...process.env, ...(isFull ? { TEST_FULL: '1' } : {}) };
  return () => spawnSync(program, rest, { cwd: root, stdio: 'inherit', env }).status === 0;
}

/** Test files of a folder; a stage without files fails. */
function tests(pattern: string, concurrency: number): () => boolean {
  const files = globSync(pattern, { cwd: root })
    .filter((file) => pattern.includes('faults') || !file.includes('/faults/'))
    .toSorted();
  if (files.length === 0) return () => false;
  return command(process.execPath, '--test', '--test-timeout=600000', `--test-concurrency=${concurrency}`, ...files);
}

const checks: readonly Stage[] = [
  { name: 'formatting', run: command('oxfmt', '--check') },
  { name: 'lint', run: command('oxlint', '--deny-warnings') },
  { name: 'types', run: command('tsc', '--noEmit') },
];
const suites: readonly Stage[] = [
  { name: 'tests', run: tests('test/**/*.test.ts', 2) },
  // These measure and kill: each has the machine for itself.
  { name: isFull ? 'fault tests at full count' : 'fault tests at a tenth', run: tests('test/faults/*.test.ts', 1) },
];
const stages =
  named.length > 0
    ? [{ name: 'named tests', run: command(process.execPath, '--test', ...named) }]
    : [...checks, ...suites];

ensurePrerequisites();
const times: string[] = [];
for (const { name, run } of stages) {
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  const passed = run();
  times.push(`${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s  ${name}${passed ? '' : '  FAILED'}`);
  if (!passed) {
    console.log(`\nTimes:\n${times.join('\n')}`);
    process.exit(1);
  }
}
console.log(`\nTimes:\n${times.join('\n')}`);
