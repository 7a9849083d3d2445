/** On a Node that is too old, everything that starts Roster says so and what to do, instead of failing on its syntax. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { listOldNodes } from '../support/old-nodes.ts';

const root = resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const launcher = join(root, 'bin/roster.cjs');
const check = join(root, 'bin/check-node.cjs');
const stub = join(root, 'test/fixtures/old-node.cjs');

function run(command: readonly string[], env: Record<string, string> = {}): { code: number | null; err: string } {
  const [program = '', ...args] = command;
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return { code: status, err: stderr };
}

for (const { name, command, version } of listOldNodes()) {
  describe(`Node, ${name}`, () => {
    const words = new RegExp(
      `^roster: this is Node ${version} \\(.*\\); Roster needs 22\\.18 or newer\\.\nInstall Node 24`,
    );

    test('the command explains itself', () => {
      for (const args of [['serve'], ['--help'], []]) {
        const { code, err } = run([...command, launcher, ...args]);
        assert.equal(code, 4);
        assert.match(err, words);
        assert.match(err, /npm ci/);
      }
    });

    test('so does what npm runs beside it', () => {
      const { code, err } = run([...command, '-r', check, join(root, 'test/run.ts')]);
      assert.equal(code, 4);
      assert.match(err, words);
    });

    test('the published package does not speak of clones', () => {
      const folder = mkdtempSync(join(tmpdir(), 'roster-old-node-'));
      cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
      const { code, err } = run([...command, join(folder, 'bin/roster.cjs')]);
      rmSync(folder, { recursive: true });
      assert.equal(code, 4);
      assert.match(err, words);
      assert.doesNotMatch(err, /npm ci/);
    });
  });
}

test('the border is 22.18', () => {
  const outcome = (version: string): number | null =>
    run([process.execPath, '-r', stub, launcher, '--help'], { OLD_NODE_VERSION: version }).code;
  assert.deepEqual(['22.17.1', '22.18.0', '23.0.0', '8.17.0', '100.0.0'].map(outcome), [4, 0, 0, 4, 0]);
});

test('what is read before the check is plain old JavaScript', () => {
  for (const file of [launcher, check]) {
    const code = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|'[^'\n]*'/g, '');
    assert.doesNotMatch(code, /\b(?:const|let|class|import|async|await)\b|=>|`|\?\.|\?\?|\.\.\./, file);
  }
});

test('every script that starts Roster checks Node first', () => {
  for (const script of ['start', 'roster']) assert.match(scripts[script] ?? '', /^(?:exec )?node bin\/roster\.cjs/);
  const others = Object.entries(scripts).filter(
    ([, line]) => /\bnode\b/.test(line) && !line.includes('bin/roster.cjs'),
  );
  assert.ok(others.length > 3);
  for (const [script, line] of others) assert.match(line, /^node -r \.\/bin\/check-node\.cjs \S+\.ts/, script);
});
