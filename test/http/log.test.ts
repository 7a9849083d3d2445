/** The log: what each line tells, and that no secret and no full dni ever stands in it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { callApi, paths } from '../support/ask.ts';
import { startServer } from '../support/server.ts';

test('a line an answer: request id, operation, token id, outcome, duration; no secret, dni masked', async () => {
  const server = await startServer();
  const key = 'idempotency-key-of-this-test';
  const body = { agent_dni: '1020304050', agent_name: 'Ana Gómez', agent_sso: 'ana.gomez', agent_pass: 'Xkcd7788!' };
  const created = await callApi(server.port, server.token, paths.create, body, { headers: { 'idempotency-key': key } });
  await callApi(server.port, server.token, paths.create, body, { headers: { 'idempotency-key': key } });
  const assigned = await callApi(server.port, server.token, paths.create, { agent_dni: '99887766', agent_name: 'Eva' });
  await callApi(server.port, `${server.token}x`, paths.create, body);
  await callApi(
    server.port,
    server.token,
    `${paths.create}&agent_pass=InTheQuery1!`,
    { agent_dni: '5', agent_nam: 'x' },
    { method: 'POST' },
  );
  await server.stop();
  if (!server.process.stdout?.readableEnded) await once(server.process, 'close');
  const text = server.output();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const line = lines.find(({ requestId }) => requestId === created.headers['x-request-id']);
  assert.ok(line !== undefined);
  const { time, durationMs, ...facts } = line;
  assert.ok(typeof durationMs === 'number' && typeof time === 'string');
  assert.deepEqual(facts, {
    level: 30,
    requestId: created.headers['x-request-id'],
    status: 201,
    outcome: 'ok',
    address: '127.0.0.1',
    api: 'create_agent',
    operation: '0001',
    tokenId: server.token.split('_')[2],
    dni: '•••••••050',
    agentId: '10000',
    msg: 'answered',
  });
  assert.deepEqual(
    lines.map(({ outcome }) => outcome),
    ['ok', 'ok', 'ok', 'token_invalid', 'fields_missing'],
  );
  const password = (assigned.json()['data'] as { password: string }[])[0]?.password ?? '?';
  const logged = lines.map((entry) => JSON.stringify(entry)).join('\n');
  const secret = server.token.split('_')[3] ?? '?';
  for (const hidden of [
    'Xkcd7788!',
    password,
    secret,
    key,
    '1020304050',
    '99887766',
    'InTheQuery1!',
    'Ana Gómez',
    'ana.gomez',
  ]) {
    assert.ok(!logged.includes(hidden), `${hidden} stands in the log`);
  }
});

test('a second start prints no secret and finds everything again', async () => {
  const first = await startServer();
  await callApi(first.port, first.token, paths.create, { agent_dni: '1', agent_name: 'Ana' });
  assert.equal(await first.stop(), 0);
  const second = await startServer({ dataDir: first.dataDir });
  assert.equal(second.token, '');
  assert.ok(!second.output().includes('rst_'));
  const agents = await callApi(second.port, first.token, paths.agents);
  assert.equal(agents.json()['msg'], '1 records were found');
  await second.remove();
});

test('on request, lines for people', async () => {
  const server = await startServer({ env: { ROSTER_LOG_FORMAT: 'pretty', NO_COLOR: '1' } });
  await callApi(server.port, server.token, paths.tokenInfo);
  await server.stop();
  assert.match(
    server.output(),
    /INFO: 200 token_info ok, [\d.]+ ms, operation 0001, from 127\.0\.0\.1, request [0-9a-f-]{36} \{"tokenId"/,
  );
  await server.remove();
});
