/** Backup beside a server under load, restore, and the doctor: what they keep, what they refuse, what they say. */
import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { after, before, test } from 'node:test';
import { callApi, newDni, paths } from '../support/ask.ts';
import { runCommand } from '../support/cli.ts';
import { compileDiskShim } from '../support/disk-shim.ts';
import { makeDataDir, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let folder: string;
let backup: string;

before(async () => {
  server = await startServer();
  folder = await makeDataDir();
  backup = join(folder, 'one.backup');
});
after(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const agentIds = async (target: TestServer, token: string): Promise<string[]> =>
  ((await callApi(target.port, token, paths.agents)).json()['data'] as { agent_id: string }[]).map(
    (row) => row.agent_id,
  );

test('a backup made under load holds all that was acknowledged before it, and is whole', async () => {
  const acknowledged: string[] = [];
  let isRunning = true;
  const tokens = await Promise.all(
    Array.from({ length: 4 }, async () => (await server.admin.createToken('0001', {})).token),
  );
  const load = tokens.map(async (token) => {
    while (isRunning) {
      const answer = await callApi(server.port, token, paths.create, { agent_dni: newDni(), agent_name: 'Ana' });
      assert.equal(answer.status, 201);
      acknowledged.push((answer.json()['data'] as { agent_id: string }[])[0]?.agent_id ?? '');
    }
  });
  while (acknowledged.length < 200) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = [...acknowledged];
  const made = await runCommand(server.dataDir, ['backup', backup]);
  isRunning = false;
  await Promise.all(load);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /one\.backup: \d+ agents of 1 operations, [\d.]+ kB, checked, in [\d.]+ s\n$/);
  assert.equal(made.err, 'The secret key is not in it. Keep a copy of secret.key elsewhere: a restore needs both.\n');
  assert.equal(statSync(backup).mode & 0o777, 0o600);

  const restored = join(folder, 'restored');
  await mkdir(restored, { mode: 0o700 });
  await copyFile(join(server.dataDir, 'secret.key'), join(restored, 'secret.key'));
  const result = await runCommand(restored, ['restore', backup]);
  assert.equal(result.code, 0, result.err);
  const second = await startServer({ dataDir: restored });
  const kept = new Set(await agentIds(second, server.token));
  assert.deepEqual(
    before.filter((id) => !kept.has(id)),
    [],
  );
  assert.equal((await second.admin.verifyAudit('0001')).fault, null);
  await second.stop();
  const again = await runCommand(restored, ['restore', backup]);
  assert.deepEqual(
    [again.code, /roster\.db exists already\. Nothing is ever overwritten\./.test(again.err)],
    [4, true],
  );
});

test('with the secret key beside it a backup is all that a restore needs', async () => {
  const whole = join(folder, 'whole.backup');
  const made = await runCommand(server.dataDir, ['backup', whole, '--with-secret-key', '--json']);
  assert.equal((JSON.parse(made.out) as { key_file: string }).key_file, `${whole}.secret.key`);
  const target = join(folder, 'from-whole');
  const result = await runCommand(target, ['restore', whole]);
  assert.match(result.out, /are restored\.\nThe secret key was put at .*secret\.key\./);
  assert.equal(
    await readFile(join(target, 'secret.key'), 'utf8'),
    await readFile(join(server.dataDir, 'secret.key'), 'utf8'),
  );
});

test('nothing is overwritten, nothing half written is left', async () => {
  const again = await runCommand(server.dataDir, ['backup', backup]);
  assert.deepEqual(
    [again.code, again.err],
    [4, `roster: ${backup} exists already. Nothing is ever overwritten.\nMove it away, or name another.\n`],
  );
  const nowhere = await runCommand(server.dataDir, ['backup', join(folder, 'no', 'such', 'folder')]);
  assert.deepEqual([nowhere.code, /The backup could not be written/.test(nowhere.err)], [4, true]);
  const running = await runCommand(server.dataDir, ['restore', backup]);
  assert.deepEqual([running.code, /A Roster is running on the data folder/.test(running.err)], [4, true]);
});

test('a target that fills up: said so, and nothing is left there', async () => {
  const shim = await compileDiskShim();
  const full = join(folder, 'full');
  await writeFile(full, '');
  const target = join(folder, 'roster.db-on-a-full-disk.backup');
  const result = await runCommand(server.dataDir, ['backup', target], { env: shim.env({ fullFile: full }) });
  assert.deepEqual(
    [result.code, /The backup could not be written: database or disk is full/.test(result.err)],
    [4, true],
    result.err,
  );
  assert.ok(!existsSync(target) && !existsSync(`${target}.partial`));
  await shim.remove();
});

test('what is no whole backup of Roster’s is refused', async () => {
  const cut = join(folder, 'cut.backup');
  await copyFile(backup, cut);
  await truncate(cut, Math.floor(statSync(cut).size / 2));
  const text = join(folder, 'text.backup');
  await writeFile(text, 'no database at all, but long enough to be read as the header of one. '.repeat(20));
  const foreign = join(folder, 'foreign.backup');
  new Sqlite(foreign).exec('create table x (y)').close();
  const newer = join(folder, 'newer.backup');
  await copyFile(backup, newer);
  new Sqlite(newer).exec(`insert into migrations values (99, 'future', 0)`).close();
  const target = join(folder, 'refused');
  await mkdir(target, { mode: 0o700 });
  for (const [file, words] of [
    [cut, /is damaged|cut off/],
    [text, /is damaged, cut off, or no database/],
    [foreign, /is a database, but not one of Roster's/],
    [newer, /has version 99, this program knows versions up to/],
    [join(folder, 'none.backup'), /There is no file/],
    [backup, /The secret key of this backup is neither at .* nor at /],
  ] as const) {
    const result = await runCommand(target, ['restore', file]);
    assert.deepEqual([result.code, words.test(result.err)], [4, true], result.err);
  }
  await writeFile(join(target, 'secret.key'), 'ab'.repeat(32), { mode: 0o600 });
  const wrongKey = await runCommand(target, ['restore', backup]);
  assert.deepEqual([wrongKey.code, /is not the one of this backup\./.test(wrongKey.err)], [4, true], wrongKey.err);
  assert.ok(!existsSync(join(target, 'roster.db')));
});

test('the doctor says in one screen what is well and what is not', async () => {
  const well = await runCommand(server.dataDir, ['doctor', '--token-stdin'], { input: `${server.token}\n` });
  assert.equal(well.code, 0, well.out);
  const lines = well.out.split('\n');
  for (const [index, words] of [
    /^✔ configuration {2}every setting can be read/,
    /^✔ data folder {4}.*readable by its owner alone/,
    /^✔ server {9}a server runs on this folder/,
    /^✔ database {7}whole; version \d+, 1 operations, \d+ agents/,
    /^✔ clock /,
    /^✔ secret key {5}fits the database/,
    /^✔ disk /,
    /^✔ token {10}\w{10} of operation 0001: agents:create agents:write agents:read; from anywhere; without daily limit/,
  ].entries()) {
    assert.match(lines[index] ?? '', words);
  }
  const restored = join(folder, 'restored');
  await chmod(join(restored, 'roster.db'), 0o644);
  await writeFile(join(restored, 'secret.key'), 'ab'.repeat(32));
  const database = new Sqlite(join(restored, 'roster.db'));
  database.exec('update audit_events set occurred_at = 4102444800000 where seq = (select max(seq) from audit_events)');
  database.close();
  const revoked = await server.admin.createToken('0001', {});
  await server.admin.revokeToken('0001', revoked.token_id);
  const ill = await runCommand(restored, ['doctor', '--token-stdin', '--json'], {
    input: `${revoked.token.slice(0, -1)}x`,
  });
  assert.equal(ill.code, 1);
  const findings = JSON.parse(ill.out) as { subject: string; state: string; remedy: string }[];
  assert.deepEqual(
    findings.map(({ subject, state, remedy }) => [subject, state, remedy !== '']),
    [
      ['configuration', 'good', false],
      ['data folder', 'bad', true],
      ['server', 'good', false],
      ['database', 'good', false],
      ['clock', 'bad', true],
      ['secret key', 'bad', true],
      ['disk', 'good', false],
      ['token', 'bad', true],
    ],
  );
  const live = await runCommand(server.dataDir, ['doctor', '--token-stdin'], { input: revoked.token });
  assert.match(live.out, /✖ token {10}was revoked on /);
});
