/** Liveness and readiness: who is told what, when the database or the disk fails, and that work resumes. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { type Answer, ask, callApi, newDni, paths } from '../support/ask.ts';
import { askSocket } from '../support/ask-socket.ts';
import { compileDiskShim } from '../support/disk-shim.ts';
import { startServer, type StartOptions, type TestServer } from '../support/server.ts';

/** An answer is kept for a second; a locked database makes the writer wait for five. */
const patience = 15_000;

interface Told {
  status: string;
  database?: string;
  disk?: string;
}

async function start(t: TestContext, options: StartOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  t.after(() => server.remove());
  return server;
}

const askReady = ({ port }: TestServer): Promise<Answer> => ask(port, { path: '/health/ready' });
const askLive = ({ port }: TestServer): Promise<Answer> => ask(port, { path: '/health/live' });

async function askOwner({ dataDir }: TestServer): Promise<{ status: number; told: Told }> {
  const { status, text } = await askSocket(dataDir, '/health/ready');
  return { status, told: JSON.parse(text) as Told };
}

async function waitForStatus(server: TestServer, wanted: number): Promise<void> {
  const until = performance.now() + patience;
  while ((await askReady(server)).status !== wanted) {
    if (performance.now() > until) throw new Error(`readiness never became ${wanted}:\n${server.output()}`);
    await wait(50);
  }
}

/** The reasons with which the log says that the server is not ready. */
async function findLogged(server: TestServer, message: string): Promise<string[]> {
  // Lines are written together, a few times a second.
  await wait(400);
  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return lines
    .map((line) => JSON.parse(line) as { msg: string; reason?: string })
    .filter(({ msg }) => msg === message)
    .map(({ reason = '' }) => reason);
}

test('a sound server is alive and ready; only the socket names the parts; nothing of it is logged', async (t) => {
  const server = await start(t);
  const live = await askLive(server);
  assert.deepEqual([live.status, live.text], [200, '{"status":"alive"}']);
  const ready = await askReady(server);
  assert.deepEqual([ready.status, ready.text], [200, '{"status":"ready"}']);
  assert.deepEqual(await askOwner(server), { status: 200, told: { status: 'ready', database: 'ok', disk: 'ok' } });
  assert.deepEqual(await findLogged(server, 'answered'), []);
});

test('a full disk: not ready, the owner and the log are told why, and ready again without a request', async (t) => {
  const shim = await compileDiskShim();
  t.after(() => shim.remove());
  const fullFile = join(shim.folder, 'full');
  const server = await start(t, { env: shim.env({ fullFile }) });
  const create = (): Promise<Answer> =>
    callApi(server.port, server.token, paths.create, { agent_dni: newDni(), agent_name: 'Ana' });
  assert.equal((await create()).status, 201);
  assert.equal((await askReady(server)).status, 200);

  await writeFile(fullFile, '');
  assert.equal((await create()).status, 503);
  await waitForStatus(server, 503);
  const refused = await askReady(server);
  assert.equal(refused.text, '{"status":"unavailable"}');
  assert.match(refused.headers['retry-after'] ?? '', /^[1-9]\d*$/);
  assert.equal((await askLive(server)).status, 200);
  const owner = await askOwner(server);
  assert.equal(owner.status, 503);
  assert.equal(owner.told.status, 'unavailable');
  assert.equal(owner.told.database, 'ok');
  assert.match(owner.told.disk ?? '', /^the last write failed \(.*SQLITE_FULL/);

  await rm(fullFile);
  await waitForStatus(server, 200);
  assert.equal((await create()).status, 201);
  const reasons = await findLogged(server, 'not ready');
  assert.equal(reasons.length, 1);
  assert.match(reasons[0] ?? '', /^disk: the last write failed \(.*SQLITE_FULL/);
  assert.equal((await findLogged(server, 'ready again')).length, 1);
});

test('too little space on the disk: not ready before a write has failed', async (t) => {
  const server = await start(t, { env: { ROSTER_MIN_FREE_DISK: '999999999' } });
  const refused = await askReady(server);
  assert.deepEqual([refused.status, refused.text], [503, '{"status":"unavailable"}']);
  const { told } = await askOwner(server);
  assert.equal(told.database, 'ok');
  assert.match(told.disk ?? '', /^\d+ MiB are free, fewer than 999999999 MiB$/);
});

test('a database that somebody else has locked: not ready, alive, and ready again when it is let go', async (t) => {
  const server = await start(t);
  const other = new Sqlite(join(server.dataDir, 'roster.db'));
  t.after(() => other.close());
  other.exec('begin immediate');
  await waitForStatus(server, 503);
  assert.equal((await askLive(server)).status, 200);
  const { told } = await askOwner(server);
  assert.equal(told.disk, 'ok');
  assert.match(told.database ?? '', /no answer from the writer within 2 s|SQLITE_BUSY/);
  other.exec('rollback');
  await waitForStatus(server, 200);
});

test('probes write nothing while all is well', async (t) => {
  const server = await start(t);
  const log = new Sqlite(join(server.dataDir, 'roster.db'), { readonly: true });
  t.after(() => log.close());
  const before = log.pragma('data_version', { simple: true });
  const answers = await Promise.all(Array.from({ length: 200 }, () => askReady(server)));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(log.pragma('data_version', { simple: true }), before, 'nothing was written');
});
