/** The command line, beside a running server and without one: the same commands, the same words, the same exit codes. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { callApi, paths } from '../support/ask.ts';
import { type CommandResult, runCommand } from '../support/cli.ts';
import { makeDataDir, startServer, type TestServer } from '../support/server.ts';

for (const beside of [true, false]) {
  describe(beside ? 'beside a running server' : 'without a server', () => {
    let server: TestServer | undefined;
    let dataDir: string;
    before(async () => {
      if (beside) server = await startServer();
      dataDir = server?.dataDir ?? (await makeDataDir());
    });
    after(async () => {
      await server?.remove();
      await rm(dataDir, { recursive: true, force: true });
    });

    const roster = (...args: string[]): Promise<CommandResult> => runCommand(dataDir, args);
    async function ok(...args: string[]): Promise<string> {
      const result = await roster(...args);
      assert.deepEqual([result.code, beside ? result.err.includes('Error') : false], [0, false], result.err);
      return result.out;
    }
    const json = async (...args: string[]): Promise<never> => JSON.parse(await ok(...args, '--json')) as never;

    test('operations: add, list, edit', async () => {
      assert.equal(
        await ok('operation', 'add', '0002', '--name', 'Bogotá', '--time-zone', 'America/Bogota'),
        'Operation 0002 has been added.\n',
      );
      assert.equal(
        await ok('operation', 'edit', '0002', '--unknown-fields', 'refuse'),
        'Operation 0002 has been changed.\n',
      );
      const operations: { code: string; name: string; unknown_fields: string }[] = await json('operation', 'list');
      assert.deepEqual(
        operations.map(({ code, name, unknown_fields: unknown }) => [code, name, unknown]),
        [
          ['0001', '', 'ignore'],
          ['0002', 'Bogotá', 'refuse'],
        ],
      );
      assert.match(
        await ok('operation', 'list'),
        /^CODE +NAME +TIME ZONE .*\n0001 .*\n0002 +Bogotá +America\/Bogota +refuse /,
      );
      const again = await roster('operation', 'add', '0002');
      assert.deepEqual(
        [again.code, again.out, again.err],
        [1, '', 'roster: There is such an operation already.\n  code operation 0002 already exists\n'],
      );
    });

    test('tokens: create, list, rotate, revoke', async () => {
      const made = await roster(
        'token',
        'create',
        '-o',
        '0001',
        '--description',
        'HR',
        '--scope',
        'agents:create',
        '--simultaneous',
        '4',
        '--network',
        '127.0.0.0/8',
      );
      assert.match(made.out, /^rst_0001_[0-9A-Za-z]{10}_[0-9A-Za-z]{27}_[0-9A-Za-z]{6}\n$/);
      const id = made.out.split('_')[2] ?? '';
      const rotated: { token_id: string; rotated_from: string; simultaneous_limit: number } = await json(
        'token',
        'rotate',
        id,
        '-o',
        '0001',
        '--grace',
        '60',
      );
      assert.deepEqual([rotated.rotated_from, rotated.simultaneous_limit], [id, 4]);
      assert.equal(
        await ok('token', 'revoke', id, '-o', '0001'),
        `Token ${id} has been revoked. Its next request is refused.\n`,
      );
      const list = await ok('token', 'list', '-o', '0001');
      assert.match(list, new RegExp(`${id} +revoked +4 .*agents:create +127.0.0.0/8 +HR`));
      assert.ok(!list.includes(made.out.trim()));
      const unknown = await roster('token', 'revoke', 'nothing', '-o', '0001');
      assert.deepEqual(
        [unknown.code, unknown.err],
        [1, 'roster: There is no such token, or it can no longer be used.\n'],
      );
    });

    test('a wrong token setting is named', async () => {
      const wrong = await roster(
        'token',
        'create',
        '-o',
        '0001',
        '--simultaneous',
        '65',
        '--scope',
        'agents:fly',
        '--network',
        '10.0.0.0/33',
        '--expires',
        '2001-01-01',
      );
      assert.equal(wrong.code, 1);
      assert.equal(
        wrong.err,
        [
          'roster: Some fields are not valid.',
          '  scopes knows no "agents:fly"; the scopes are agents:create, agents:write, agents:read',
          '  simultaneous_limit must be a whole number from 1 to 64',
          '  expires_at must lie ahead',
          '  allowed_networks "10.0.0.0/33" is neither an IP address nor a network such as 10.0.0.0/8',
          '',
        ].join('\n'),
      );
    });

    test('agents: create, list, show, edit, disable, enable', async () => {
      const made: { agent_id: string; password: string } = await json(
        'agent',
        'create',
        '-o',
        '0001',
        '--dni',
        '77',
        '--name',
        'Ana \u001B[31mGómez'.replace('\u001B[31m', ''),
        '--sso',
        'Ana',
      );
      assert.deepEqual([made.agent_id, made.password.length], ['10000', 20]);
      const chosen = await runCommand(
        dataDir,
        ['agent', 'create', '-o', '0001', '--dni', '78', '--name', 'Eva', '--password-stdin', '--json'],
        { input: 'Xkcd7788!\n' },
      );
      assert.equal((JSON.parse(chosen.out) as { password: string }).password, 'Xkcd7788!');
      assert.match(
        await ok('agent', 'list', '-o', '0001'),
        /^AGENT +DNI +NAME +SSO +ENABLED\n10000 +77 +Ana Gómez +Ana +yes\n10001 +78 +Eva +- +yes\n$/,
      );
      assert.match(
        await ok('agent', 'list', '-o', '0001', '--limit', '1', '--after', '10000'),
        /^AGENT.*\n10001 .*\n$/,
      );
      await ok('agent', 'edit', '10000', '-o', '0001', '--name', 'Ana María', '--no-sso');
      await ok('agent', 'disable', '10000', '-o', '0001');
      assert.match(await ok('agent', 'show', '10000', '-o', '0001'), /name +Ana María\nsso +-\nenabled +no\n/);
      assert.equal(await ok('agent', 'enable', '10000', '-o', '0001'), 'Agent 10000 is enabled.\n');
      const taken = await roster('agent', 'create', '-o', '0001', '--dni', '77', '--name', 'Ana');
      assert.deepEqual(
        [taken.code, taken.err],
        [1, 'roster: Another agent has this already.\n  agent_dni agent 10000 already has this agent_dni\n'],
      );
      const missing = await roster('agent', 'create', '-o', '0001', '--dni', '79');
      assert.deepEqual(
        [missing.code, missing.err],
        [1, 'roster: Some fields are required.\n  agent_name is required\n'],
      );
      const unknown = await roster('agent', 'show', '9', '-o', '0001');
      assert.deepEqual([unknown.code, unknown.err], [1, 'roster: There is no such agent.\n']);
    });

    test('audit: list, head, verify with an earlier head', async () => {
      const list = await ok('audit', 'list', '-o', '0001', '--limit', '3');
      assert.match(list, /^SEQ +WHEN +WHO +WHAT +WHOM +OUTCOME +FROM +DETAILS\n/);
      assert.match(list, /administrator:local +agent\.enabled +10000 +success/);
      const head = (await ok('audit', 'head', '-o', '0001')).trim();
      assert.match(head, /^\d+:[0-9a-f]{64}$/);
      const verdict = await ok('audit', 'verify', '-o', '0001', '--head', head);
      assert.match(verdict, /^The chain holds: \d+ events, none edited, removed or reordered\./);
      assert.match(verdict, /Not proved: anything against somebody who holds the secret key\.\n$/);
      const other = await roster('audit', 'verify', '-o', '0001', '--head', `1:${'0'.repeat(64)}`);
      assert.equal(other.code, 3);
      assert.match(other.out, /^FAULT: event 1 is not the one whose head is known/);
      const beyond = await roster('audit', 'verify', '-o', '0001', '--head', `99999:${'0'.repeat(64)}`);
      assert.deepEqual([beyond.code, /are gone\./.test(beyond.out)], [3, true]);
    });
  });
}

describe('the command line itself', () => {
  const cases: [args: string[], code: number, stream: 'out' | 'err', words: RegExp][] = [
    [[], 2, 'out', /^roster: the server .*\n\nUsage: roster <command>/],
    [['--help'], 0, 'out', /Commands:\n {2}serve +start the server\n/],
    [['help'], 0, 'out', /audit verify/],
    [
      ['agent', 'create', '--help'],
      0,
      'out',
      /^roster agent create: create an agent\n\nUsage: [\s\S]*--password-stdin[\s\S]*Examples:/,
    ],
    [['agent', 'fly'], 2, 'err', /^roster: there is no command "agent fly"/],
    [['agent', 'show'], 2, 'err', /^roster: agent show needs <agent-id>/],
    [['agent', 'show', '1', '2'], 2, 'err', /^roster: agent show does not take "2"/],
    [['agent', 'list', '--limit', 'ten'], 2, 'err', /^roster: --limit must be a whole number, not "ten"/],
    [['agent', 'list', '--colour'], 2, 'err', /^roster: Unknown option '--colour'/],
    [
      ['agent', 'list', '-o', '0009'],
      1,
      'err',
      /^There was no installation in .*: a new one was made\.\nroster: There is no such operation\./,
    ],
    [['audit', 'verify', '--head', 'x'], 2, 'err', /^roster: --head must be what "roster audit head" printed/],
  ];
  for (const [args, code, stream, words] of cases) {
    test(`roster ${args.join(' ')}: exit ${code}`, async () => {
      const dataDir = await makeDataDir();
      const result = await runCommand(dataDir, args);
      await rm(dataDir, { recursive: true, force: true });
      assert.equal(result.code, code, result.err);
      assert.match(result[stream], words);
    });
  }

  test('where there are several operations, which one must be said', async () => {
    const dataDir = await makeDataDir();
    await runCommand(dataDir, ['operation', 'add', '0002']);
    const result = await runCommand(dataDir, ['agent', 'list']);
    assert.deepEqual(
      [result.code, result.err],
      [2, 'roster: which operation? Say --operation with one of 0001, 0002\n'],
    );
    await rm(dataDir, { recursive: true, force: true });
  });

  test('a data folder with a path too long for a socket works all the same', async () => {
    const parent = await makeDataDir();
    const server = await startServer({ dataDir: `${parent}/${'long-name-'.repeat(12)}` });
    assert.match((await runCommand(server.dataDir, ['token', 'list'])).out, /First token/);
    const { token } = server;
    assert.equal((await callApi(server.port, token, paths.tokenInfo)).status, 200);
    await server.remove();
    await rm(parent, { recursive: true, force: true });
  });

  test('control characters in what is kept cannot drive the terminal', async () => {
    const dataDir = await makeDataDir();
    const result = await runCommand(dataDir, ['operation', 'add', 'x', '--name', 'evil\u001B[2J']);
    assert.deepEqual(
      [result.code, result.err],
      [
        1,
        `There was no installation in ${dataDir}: a new one was made.\nroster: Some fields are not valid.\n  name must have at most 100 characters and no control characters\n`,
      ],
    );
    await rm(dataDir, { recursive: true, force: true });
  });
});
