/** Shell completion, asked of the shells themselves: bash always, zsh and fish where they are installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { runCommand } from '../support/cli.ts';

/** Gives the words that a shell offers for the last of `words`. */
type Ask = (folder: string, words: readonly string[]) => string[];

function runShell(command: readonly [string, ...string[]], folder: string): string[] {
  const [program, ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.split('\n').filter(Boolean);
}

const askBash: Ask = (folder, words) => {
  const script = `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _roster
    for word in "\${COMPREPLY[@]}"; do echo "$word"; done`;
  return runShell(['bash', '--norc', '-c', script, 'bash', ...words], folder);
};

/** zsh completes in a terminal only; here its functions that show candidates print them. */
const askZsh: Ask = (folder, words) => {
  const script = `compdef() { : }
    _describe() {
      local entry
      for entry in "\${(@P)@[-1]}"; do [[ "$entry" == "\${words[CURRENT]}"* ]] && print -r -- "\${entry%%:*}"; done
      true
    }
    _files() { [[ "$1" == -/ ]] && print -l -- *(/N) || print -l -- *(N) }
    source ./script; words=("$@"); CURRENT=$#; _roster`;
  return runShell(['zsh', '-f', '-c', script, 'zsh', ...words], folder);
};

const askFish: Ask = (folder, words) => {
  const lines = runShell(['fish', '-c', `source ./script; complete -C '${words.join(' ')}'`], folder);
  return lines.map((line) => line.split('\t')[0] ?? '');
};

const shells: [name: string, ask: Ask][] = [
  ['bash', askBash],
  ['zsh', askZsh],
  ['fish', askFish],
];

for (const [shell, ask] of shells) {
  const isInstalled = spawnSync(shell, ['--version']).status === 0;
  describe(`completion in ${shell}`, { skip: !isInstalled && shell !== 'bash' && `${shell} is not installed` }, () => {
    let folder: string;
    const complete = (...words: string[]): string[] => ask(folder, ['roster', ...words]).toSorted();

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'roster-completion-'));
      const { code, out, err } = await runCommand(folder, ['completion', shell]);
      assert.deepEqual([code, err], [0, '']);
      writeFileSync(join(folder, 'script'), out);
      writeFileSync(join(folder, 'a file'), '');
      mkdirSync(join(folder, 'data'));
    });
    after(() => rmSync(folder, { recursive: true }));

    test('every command is offered, word by word', () => {
      const first = [...new Set(commands.map(({ name }) => name.split(' ')[0]))];
      const offered = complete('').filter((word) => !word.startsWith('-') && word !== 'help');
      assert.deepEqual(offered, first.toSorted());
      for (const { name } of commands.filter((command) => command.name.includes(' '))) {
        const [group = '', word = ''] = name.split(' ');
        assert.ok(complete(group, '').includes(word), name);
        assert.deepEqual(complete(group, word), [word]);
      }
    });

    test('a word begun is finished', () => {
      assert.deepEqual(complete('ser'), ['serve']);
      assert.deepEqual(complete('agent', 'en'), ['enable']);
      assert.deepEqual(complete('nonsense', ''), []);
    });

    test('the options of each command, and of none other', () => {
      assert.deepEqual(complete('agent', 'create', '--d'), ['--data-dir', '--dni']);
      assert.deepEqual(complete('token', 'create', '--da'), ['--daily-limit', '--data-dir']);
      assert.deepEqual(complete('agent', 'show', '10000', '--op'), ['--operation']);
      assert.deepEqual(complete('agent', 'create', '--dni', '7', '--na'), ['--name']);
      assert.ok(complete('serve', '--').includes('--tls-certificate'));
    });

    test('values that are known', () => {
      assert.deepEqual(complete('operation', 'add', '--unknown-fields', ''), ['ignore', 'refuse']);
      assert.deepEqual(complete('completion', ''), ['bash', 'fish', 'zsh']);
      assert.deepEqual(complete('agent', 'create', '--dni', ''), []);
    });

    test('files and folders where they are meant', () => {
      const names = (words: string[]): string[] => words.map((word) => word.replace(/\/$/, '').replace('\\ ', ' '));
      assert.deepEqual(names(complete('restore', '')), ['a file', 'data', 'script']);
      assert.deepEqual(names(complete('agent', 'list', '--data-dir', '')), ['data']);
      assert.deepEqual(names(complete('serve', '--config', '')), ['a file', 'data', 'script']);
    });
  });
}

test('bash: --name=value is completed too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-completion-'));
  writeFileSync(join(folder, 'script'), (await runCommand(folder, ['completion', 'bash'])).out);
  const start = ['roster', 'operation', 'add', '--unknown-fields', '='];
  assert.deepEqual(askBash(folder, start), ['ignore', 'refuse']);
  assert.deepEqual(askBash(folder, [...start, 're']), ['refuse']);
  rmSync(folder, { recursive: true });
});

test('another shell is a wrong command line', async () => {
  for (const shell of ['tcsh', '__proto__']) {
    const { code, err } = await runCommand(tmpdir(), ['completion', shell]);
    assert.deepEqual([code, err], [2, `roster: completion is for bash, zsh, fish, not for "${shell}"\n`]);
  }
});
