/**
 * Proves that a first start that is cut short harms nothing: whatever it has left in the data folder, the next start
 * gets ready and serves.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgent, createTokens } from '../support/agents.ts';
import { assertKept } from '../support/kept.ts';
import { scaled } from '../support/scale.ts';
import { cleanEnv, findFreePort, makeDataDir, startServer } from '../support/server.ts';

const command = new URL('../../src/cli/roster.ts', import.meta.url).pathname;
const kills = scaled(20);
/** About what a first start takes after its first line, in milliseconds. */
const startTime = 500;

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await makeDataDir();
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The next start gets ready, takes an agent and keeps it. */
async function assertServes(dataDir: string): Promise<void> {
  const server = await startServer({ dataDir });
  try {
    const [token = ''] = await createTokens(server, 1);
    const agent = await createAgent(server.port, token, 'first');
    assert.equal((await server.admin.verifyAudit('0001')).fault, null);
    assert.equal(await server.stop(), 0);
    assertKept(dataDir, [agent]);
  } finally {
    await server.remove();
  }
}

async function startAndKill(dataDir: string, after: number): Promise<void> {
  const env = cleanEnv({ ROSTER_DATA_DIR: dataDir, ROSTER_PORT: String(await findFreePort()) });
  const child = spawn(process.execPath, [command, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  await delay(after);
  child.kill('SIGKILL');
  await exited;
}

test(`a first start that is killed, ${kills} times, is followed by one that serves`, async (t) => {
  for (let kill = 0; kill < kills; kill += 1) {
    const folder = await makeFolder(t);
    await startAndKill(folder, ((kill + Math.random()) / kills) * startTime);
    await assertServes(folder);
  }
});

const secretKey = `${'5a'.repeat(32)}\n`;
// What no kill can be timed to leave.
const remains: readonly [name: string, files: Record<string, string>][] = [
  ['a secret key that was being written', { 'secret.key.partial': '5a5a' }],
  ['a secret key that was being named', { 'secret.key.partial': secretKey, 'secret.key': secretKey }],
  ['a secret key and an empty database', { 'secret.key': secretKey, 'roster.db': '' }],
];

for (const [name, files] of remains) {
  test(`a first start that has left ${name} is followed by one that serves`, async (t) => {
    const folder = await makeFolder(t);
    for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content, { mode: 0o600 });
    await assertServes(folder);
  });
}
