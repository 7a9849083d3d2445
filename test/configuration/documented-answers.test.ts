/** Every answer of a run of requests is one that the served document describes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apis } from '../../src/configuration/apis.ts';
import { pathOf } from '../../src/configuration/document.ts';
import { failuresOf } from '../../src/configuration/failure-shapes.ts';
import type { OpenApiDocument } from '../../src/documents/open-api.ts';
import { ask, callApi, newDni, paths } from '../support/ask.ts';
import { assertDocumented } from '../support/documented.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
/** For people, an operation for each api; and for programs, one for each path and method. */
let document: OpenApiDocument;
let merged: OpenApiDocument;

before(async () => {
  server = await startServer();
  document = JSON.parse((await ask(server.port, { path: '/docs/openapi.json' })).text) as OpenApiDocument;
  merged = JSON.parse((await ask(server.port, { path: '/openapi.json' })).text) as OpenApiDocument;
});
after(() => server.remove());

interface Step {
  api: string;
  body?: object | string;
  query?: string;
  headers?: Record<string, string>;
  token?: string;
  /** Another method than the api's. */
  method?: string;
}

/** Sends it, and gives the status of an answer that is as documented. */
async function send({ api: name, body, query = '', headers = {}, token, method }: Step): Promise<number> {
  const api = apis.find((entry) => entry.name === name);
  assert.ok(api !== undefined);
  const options = { method: method ?? api.method, headers };
  const answer = await callApi(server.port, token ?? server.token, pathOf(api) + query, body, options);
  const answered = { method: api.method, path: pathOf(api), status: answer.status, body: answer.json() };
  assertDocumented(document, answered);
  assertDocumented(merged, { ...answered, path: `/api/v2/${api.group}.php` });
  return answer.status;
}

test('each api has its path and method in the document', () => {
  for (const api of apis) assert.ok(document.paths[pathOf(api)]?.[api.method.toLowerCase()] !== undefined, api.name);
  assert.equal(Object.keys(document.paths).length, apis.length);
  assert.deepEqual(
    Object.entries(merged.paths).map(([path, methods]) => [path, ...Object.keys(methods)]),
    [
      ['/api/v2/configuration.php', 'post', 'put'],
      ['/api/v2/information.php', 'get'],
    ],
  );
});

test('successes', async () => {
  const agent = { agent_dni: newDni(), agent_name: 'Ana', agent_sso: 'ana', agent_pass: 'kP4!mzRw7q' };
  const key = { 'idempotency-key': 'once' };
  assert.equal(await send({ api: 'agents' }), 200);
  assert.equal(await send({ api: 'create_agent', body: agent }), 201);
  assert.equal(await send({ api: 'create_agent', body: { agent_dni: newDni(), agent_name: 'Eva', campaign: 7 } }), 201);
  const second = { agent_dni: newDni(), agent_name: 'Luz' };
  assert.equal(await send({ api: 'create_agent', body: second, headers: key }), 201);
  assert.equal(await send({ api: 'create_agent', body: second, headers: key }), 201);
  assert.equal(await send({ api: 'edit_agent', query: '&agent_id=10000', body: { agent_sso: null } }), 202);
  assert.equal(await send({ api: 'disable_agent', body: { agent_id: 10000 } }), 202);
  assert.equal(await send({ api: 'enable_agent', body: { agent_id: '10000' } }), 202);
  assert.equal(await send({ api: 'agents' }), 200);
  assert.equal(await send({ api: 'agents', query: '&agent=10001' }), 200);
  assert.equal(await send({ api: 'token_info' }), 200);
});

test('failures', async () => {
  const taken = { agent_dni: newDni(), agent_name: 'Ana', agent_sso: 'taken' };
  await send({ api: 'create_agent', body: taken });
  await send({
    api: 'create_agent',
    body: { ...taken, agent_dni: newDni(), agent_sso: '' },
    headers: { 'idempotency-key': 'k' },
  });
  const { token: readOnly } = await server.admin.createToken('0001', { scopes: ['agents:read'] });
  const { token: spent } = await server.admin.createToken('0001', { daily_limit: 1 });
  await send({ api: 'token_info', token: spent });
  const steps: [status: number, step: Step][] = [
    [405, { api: 'create_agent', method: 'GET' }],
    [405, { api: 'agents', method: 'PUT', body: {} }],
    [401, { api: 'edit_agent', token: '' }],
    [403, { api: 'create_agent', token: 'rst_no' }],
    [403, { api: 'create_agent', token: readOnly }],
    [403, { api: 'token_info', token: spent }],
    [413, { api: 'create_agent', body: `{"agent_dni":"${'1'.repeat(70_000)}"}` }],
    [400, { api: 'create_agent', body: '[]' }],
    [400, { api: 'create_agent', body: {} }],
    [400, { api: 'create_agent', body: { agent_dni: '1', agent_name: 'A', agent_pas: '' } }],
    [409, { api: 'create_agent', body: taken }],
    [409, { api: 'create_agent', body: { ...taken, agent_dni: newDni() } }],
    [422, { api: 'create_agent', body: { ...taken, agent_dni: newDni() }, headers: { 'idempotency-key': 'k' } }],
    [400, { api: 'edit_agent', body: {} }],
    [400, { api: 'edit_agent', query: '&agent_id=10000', body: { agent_name: 7 } }],
    [404, { api: 'edit_agent', query: '&agent_id=99999', body: {} }],
    [409, { api: 'edit_agent', query: '&agent_id=10000', body: { agent_sso: 'TAKEN' } }],
    [404, { api: 'enable_agent', body: { agent_id: '0' } }],
    [400, { api: 'disable_agent', body: { agent_id: true } }],
    [404, { api: 'agents', query: '&agent=99999' }],
    [414, { api: 'agents', query: `&x=${'1'.repeat(9000)}` }],
    [431, { api: 'agents', headers: { 'x-long': '1'.repeat(20_000) } }],
    [400, { api: 'agents', headers: { host: 'not a host' } }],
  ];
  for (const [status, step] of steps) assert.equal(await send(step), status, JSON.stringify(step).slice(0, 200));
});

test('every failure of an api is in its document, with the words of the contract', () => {
  for (const api of apis) {
    const answers = document.paths[pathOf(api)]?.[api.method.toLowerCase()]?.responses ?? {};
    const examples = Object.values(answers).flatMap((answer) => {
      const { content } = answer as {
        content: { 'application/json': { examples?: Record<string, { value: object }> } };
      };
      return Object.entries(content['application/json'].examples ?? {});
    });
    assert.deepEqual(examples.map(([code]) => code).toSorted(), failuresOf(api).toSorted());
    for (const [code, { value }] of examples) {
      const { code: status } = value as { code: number };
      assertDocumented(document, { method: api.method, path: pathOf(api), status, body: value });
      const schema = document.components.schemas[code] as { title?: string };
      assert.equal(schema.title, code);
    }
  }
  assert.equal(paths.create, '/api/v2/configuration.php?api=create_agent');
});
