/** Creates repeated under an idempotency key: nothing lost, nothing twice, nothing told to whoever lacks token or key. */
import assert from 'node:assert/strict';
import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Answer, callApi, newDni, paths } from '../support/ask.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
before(async () => void (server = await startServer()));
after(() => server.remove());

const create = (key: string, body: object, token = server.token): Promise<Answer> =>
  callApi(server.port, token, paths.create, body, { headers: { 'idempotency-key': key } });

const agentCount = async (): Promise<number> => (await server.admin.listAgents('0001', { limit: 1 })).total;

test('a repeat gets the first answer again, password included, and creates nothing', async () => {
  const body = { agent_dni: newDni(), agent_name: 'Ana' };
  const first = await create('key-1', body);
  assert.equal(first.status, 201);
  assert.equal(first.headers['idempotency-replayed'], undefined);
  const count = await agentCount();
  const again = await create('key-1', { agent_name: ' Ana ', agent_dni: body.agent_dni, agent_sso: '' });
  assert.equal(again.text, first.text);
  assert.equal(again.headers['idempotency-replayed'], 'true');
  assert.equal(await agentCount(), count);
  const [event] = (await server.admin.listAuditEvents('0001', { limit: 1 })).events;
  assert.equal(event?.action, 'agent.secret_shown');
});

test('a chosen password is replayed too', async () => {
  const body = { agent_dni: newDni(), agent_name: 'Ana', agent_pass: 'Xkcd7788!' };
  const first = await create('key-chosen', body);
  assert.equal((await create('key-chosen', body)).text, first.text);
});

test('another request under the key: 422', async () => {
  const body = { agent_dni: newDni(), agent_name: 'Ana' };
  await create('key-2', body);
  const other = await create('key-2', { ...body, agent_name: 'Eva' });
  assert.deepEqual(other.json(), {
    code: 422,
    error: 'UNPROCESSABLE CONTENT',
    msg: 'THE IDEMPOTENCY-KEY WAS USED FOR ANOTHER REQUEST',
    details: [],
  });
});

test('a failure leaves the key free', async () => {
  const dni = newDni();
  assert.equal((await create('key-3', { agent_dni: dni })).status, 400);
  assert.equal((await create('key-3', { agent_dni: dni, agent_name: 'Ana' })).status, 201);
  assert.equal((await create('key-4', { agent_dni: dni, agent_name: 'Ana' })).status, 409);
  assert.equal((await create('key-4', { agent_dni: newDni(), agent_name: 'Ana' })).status, 201);
});

test('the key belongs to its token', async () => {
  const { token } = await server.admin.createToken('0001', {});
  const body = { agent_dni: newDni(), agent_name: 'Ana' };
  assert.equal((await create('key-5', body)).status, 201);
  assert.equal((await create('key-5', body, token)).status, 409);
});

for (const [name, key] of [
  ['empty', ''],
  ['256 characters', 'k'.repeat(256)],
  ['a blank inside', 'a b'],
  ['not ASCII', 'clavé'],
] as const) {
  test(`a key that is none: ${name}`, async () => {
    const answer = await create(key, { agent_dni: newDni(), agent_name: 'Ana' });
    assert.deepEqual(answer.json(), {
      code: 400,
      error: 'BAD REQUEST',
      msg: 'SOME PARAMETERS ARE NOT VALID',
      details: [{ field: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters, sent once' }],
    });
  });
}

test('a replay takes no place and no daily allowance', async () => {
  const { token } = await server.admin.createToken('0001', { daily_limit: 1 });
  const body = { agent_dni: newDni(), agent_name: 'Ana' };
  const first = await create('key-6', body, token);
  assert.equal(first.status, 201);
  assert.equal((await create('key-6', body, token)).text, first.text);
  assert.equal((await create('key-7', body, token)).json()['msg'], 'TOKEN LIMIT EXCEEDED');
});

test('50 at once with one key: one agent; each answer is the first one or 409 to try again', async () => {
  const { token } = await server.admin.createToken('0001', { simultaneous_limit: 64 });
  const body = { agent_dni: newDni(), agent_name: 'Ana', agent_pass: 'Xkcd7788!' };
  const count = await agentCount();
  const answers = await Promise.all(Array.from({ length: 50 }, () => create('key-8', body, token)));
  assert.equal(await agentCount(), count + 1);
  const successes = new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text));
  assert.equal(successes.size, 1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    assert.deepEqual(answer.json(), {
      code: 409,
      error: 'CONFLICT',
      msg: 'THE FIRST REQUEST WITH THIS IDEMPOTENCY-KEY IS STILL RUNNING',
      details: [],
    });
    assert.equal(answer.headers['retry-after'], '1');
  }
});

test('after a restart the first answer is still there; the database tells neither key, token nor password', async () => {
  const body = { agent_dni: newDni(), agent_name: 'Ana', agent_pass: 'Sup3rSecreto#42' };
  const first = await create('key-of-the-restart', body);
  await server.kill();
  const restarted = await startServer({ dataDir: server.dataDir });
  try {
    const again = await callApi(restarted.port, server.token, paths.create, body, {
      headers: { 'idempotency-key': 'key-of-the-restart' },
    });
    assert.equal(again.text, first.text);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    await restarted.stop();
    const database = new Sqlite(join(server.dataDir, 'roster.db'), { readonly: true });
    const tables = ['agents', 'tokens', 'idempotency_records', 'audit_events', 'installation'];
    const everything = JSON.stringify(tables.map((table) => database.prepare(`select * from ${table}`).all()));
    database.close();
    for (const secret of ['key-of-the-restart', 'Sup3rSecreto#42', server.token, server.token.split('_')[3] ?? '?']) {
      assert.ok(!everything.includes(secret), `${secret} stands in the database`);
    }
  } finally {
    await restarted.remove();
  }
});
