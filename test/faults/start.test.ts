/**
 * Proves that a start that cannot be right is refused with a message that says what is wrong and what to do, and that
 * nothing acknowledged before is lost by trying: every case breaks something around a data folder with agents in it
 * (left by a killed server, so that its write-ahead log holds what the database does not yet), sees the start refused,
 * mends what it broke, and finds every agent with its password.
 */
import assert from 'node:assert/strict';
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createAgent, createTokens, type KnownAgent, listAgents } from '../support/agents.ts';
import { assertKept, assertListed } from '../support/kept.ts';
import { runServer } from '../support/run-server.ts';
import { findFreePort, startServer } from '../support/server.ts';
import { findUnprivilegedUser } from '../support/unprivileged.ts';
import { changeDatabase, startCases } from './start-cases.ts';

const agentCount = 60;
/** Roster could not start. */
const refused = 4;

/** A data folder with agents in it, and what is known of them. */
interface Sample {
  folder: string;
  token: string;
  agents: KnownAgent[];
}

const unprivileged = await findUnprivilegedUser();
const whySkipped = unprivileged.user === undefined ? ` (skipped: ${unprivileged.obstacle})` : '';

const root = await mkdtemp(join(tmpdir(), 'roster-start-'));
after(() => rm(root, { recursive: true, force: true }));
/** Left by a server that was killed: its last agents stand in the write-ahead log alone. */
const killed = await makeSample('killed');
/** Left by a server that was stopped: everything stands in the database, and damage to it shows. */
const stopped = await makeSample('stopped');

async function makeSample(end: 'killed' | 'stopped'): Promise<Sample> {
  const folder = join(root, end);
  const server = await startServer({ dataDir: folder });
  const [token = ''] = await createTokens(server, 1);
  const agents: KnownAgent[] = [];
  for (let index = 0; index < agentCount; index += 1) agents.push(await createAgent(server.port, token, `S-${index}`));
  await (end === 'killed' ? server.kill() : server.stop());
  if (end === 'stopped') changeDatabase(folder, 'pragma wal_checkpoint(truncate)');
  return { folder, token, agents };
}

/** Copies a data folder without the socket that a killed server leaves. */
async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('.sock') });
}

for (const [index, { name, from = 'killed', spoil, says }] of startCases.entries()) {
  test(`refused: ${name}`, async () => {
    const sample = from === 'killed' ? killed : stopped;
    const folder = join(root, `case-${index}`);
    await copyFolder(sample.folder, folder);
    const { env, check, mend } = await spoil(folder);
    try {
      const settings = { ROSTER_DATA_DIR: folder, ROSTER_PORT: String(await findFreePort()), ...env };
      const { code, output } = await runServer(settings);
      assert.equal(code, refused, output);
      for (const words of says) assert.match(output, words);
      assert.doesNotMatch(output, /^ {4}at /m, 'words for people, not a stack');
      await check?.();
    } finally {
      await mend?.();
    }
    await assertSampleKept(folder, sample);
  });
}

/** A server starts on the folder and has every agent of the sample; the audit trail is whole. */
async function assertSampleKept(folder: string, { token, agents }: Sample): Promise<void> {
  const server = await startServer({ dataDir: folder });
  try {
    assert.equal(server.token, '', 'this is not a first start');
    assertListed(await listAgents(server.port, token), agents);
    assert.equal((await server.admin.verifyAudit('0001')).fault, null);
    assert.equal(await server.stop(), 0);
    assert.equal(assertKept(folder, agents).agents.length, agents.length);
  } finally {
    await server.remove();
  }
}

test(`refused: a data folder that may not be written${whySkipped}`, { skip: whySkipped !== '' }, async () => {
  const folder = join(root, 'unwritable');
  await copyFolder(killed.folder, folder);
  const { user } = unprivileged;
  // Where root runs the tests the folder is root's own, and the server another user's.
  if (user === 'self') await chmod(folder, 0o500);
  else await chmod(root, 0o711);
  const { code, output } = await runServer({ ROSTER_DATA_DIR: folder }, user === 'self' ? undefined : user);
  if (user === 'self') await chmod(folder, 0o700);
  assert.equal(code, refused, output);
  assert.match(output, /The data folder .*unwritable cannot be used: EACCES/);
  assert.match(output, /Make it writable for the user who runs Roster, or name another.* with ROSTER_DATA_DIR/);
  await assertSampleKept(folder, killed);
  assert.doesNotMatch(output, /There is no database yet/, 'what cannot be seen may well be there');
});

test('a listener beyond this machine is allowed with a warning where plaintext is asked for', async () => {
  const server = await startServer({ env: { ROSTER_HOST: '0.0.0.0', ROSTER_ALLOW_PLAINTEXT: '1' } });
  try {
    assert.match(server.output(), /WARNING: ROSTER_ALLOW_PLAINTEXT=1: .* in the clear/);
    await createAgent(server.port, server.token, 'beyond');
  } finally {
    await server.remove();
  }
});

test('a listener beyond this machine is allowed without a warning behind a trusted proxy', async () => {
  const server = await startServer({ env: { ROSTER_HOST: '0.0.0.0', ROSTER_TRUSTED_PROXIES: '127.0.0.1' } });
  try {
    assert.doesNotMatch(server.output(), /WARNING/);
    await createAgent(server.port, server.token, 'beyond');
  } finally {
    await server.remove();
  }
});
