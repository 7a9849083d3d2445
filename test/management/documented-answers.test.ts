/** Every answer of a run of requests to the management API is one that the served document describes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenApiDocument } from '../../src/documents/open-api.ts';
import { assertDocumented } from '../support/documented.ts';
import { askLocally } from '../support/local.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let document: OpenApiDocument;
const asked = new Set<string>();

before(async () => {
  server = await startServer();
  document = (await (await askLocally(server.dataDir, '/openapi.json')).json()) as OpenApiDocument;
});
after(() => server.remove());

/** Sends it, holds the answer against the document, and gives its body when it has the status. */
async function send(status: number, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await askLocally(server.dataDir, `/management/v1${path}`, method, body);
  const text = await answer.text();
  const json = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  const bare = `/management/v1${path.split('?')[0]}`;
  const documented = Object.keys(document.paths).find((pattern) =>
    new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare),
  );
  assert.ok(documented !== undefined, `${path} is not documented`);
  assert.equal(answer.status, status, text);
  assertDocumented(document, { method, path: documented, status, body: json });
  if (status < 300) asked.add(`${method} ${documented}`);
  return json ?? {};
}

test('successes, of every route', async () => {
  const one = '/operations/0002';
  await send(201, 'POST', '/operations', { code: '0002', name: 'Second' });
  await send(200, 'GET', '/operations');
  await send(200, 'PATCH', one, { time_zone: 'America/Bogota' });
  const token = await send(201, 'POST', `${one}/tokens`, {
    description: 'A',
    daily_limit: 10,
    expires_at: '2099-01-01',
  });
  await send(200, 'GET', `${one}/tokens`);
  const next = await send(201, 'POST', `${one}/tokens/${String(token['token_id'])}/rotate`, { grace_seconds: 0 });
  await send(204, 'POST', `${one}/tokens/${String(next['token_id'])}/revoke`);
  await send(201, 'POST', `${one}/agents`, { agent_dni: '1', agent_name: 'Ana' });
  await send(201, 'POST', `${one}/agents`, { agent_dni: '2', agent_name: 'Eva', agent_sso: 'eva' });
  await send(200, 'GET', `${one}/agents?limit=1`);
  await send(200, 'GET', `${one}/agents/10000`);
  await send(200, 'PATCH', `${one}/agents/10000`, { agent_name: 'Ana María' });
  await send(204, 'POST', `${one}/agents/10000/disable`);
  await send(204, 'POST', `${one}/agents/10000/enable`);
  await send(200, 'GET', `${one}/audit/events`);
  await send(200, 'GET', `${one}/audit/head`);
  await send(200, 'POST', `${one}/audit/verify`, {});
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual([...asked].toSorted(), documented.toSorted());
});

test('failures', async () => {
  await send(409, 'POST', '/operations', { code: '0001' });
  await send(400, 'POST', '/operations', { code: '0003', colour: 'red' });
  await send(404, 'GET', '/operations/none/agents');
  await send(404, 'GET', '/operations/0001/agents/99999');
  await send(400, 'POST', '/operations/0001/agents', {});
  await send(400, 'GET', '/operations/0001/agents?limit=x');
  await send(404, 'POST', '/operations/0001/tokens/none/revoke');
});
