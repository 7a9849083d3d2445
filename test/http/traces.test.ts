/** Traces: what spans a request leaves, whose trace it belongs to, and what never stands in one. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, ask, callApi, paths } from '../support/ask.ts';
import { compileDiskShim } from '../support/disk-shim.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from '../support/trace-collector.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerSpan = 'b7ad6b7169203331';

interface Traced {
  server: TestServer;
  collector: TraceCollector;
}

async function startTraced(t: TestContext, env: Record<string, string> = {}): Promise<Traced> {
  const collector = await startTraceCollector();
  t.after(() => collector.close());
  const server = await startServer({ env: { ROSTER_TRACES_ENDPOINT: collector.url, ...env } });
  t.after(() => server.remove());
  return { server, collector };
}

function findRequest({ collector }: Traced, answer: Answer): Promise<CollectedSpan> {
  return collector.find(({ attributes }) => attributes['roster.request_id'] === answer.headers['x-request-id']);
}

const agent = { agent_dni: '1020304050', agent_name: 'Ana Gómez', agent_sso: 'ana.gomez', agent_pass: 'Xkcd7788!' };

test('a create with a chosen password: one server span, with the hash and the commit below it', async (t) => {
  const traced = await startTraced(t);
  const { server, collector } = traced;
  const headers = { traceparent: `00-${traceId}-${callerSpan}-01` };
  const answer = await callApi(server.port, server.token, paths.create, agent, { headers });
  assert.equal(answer.status, 201);
  const request = await findRequest(traced, answer);
  assert.deepEqual(
    { ...request, spanId: '', begin: 0n, end: 0n },
    {
      ...request,
      spanId: '',
      begin: 0n,
      end: 0n,
      traceId,
      parentSpanId: callerSpan,
      name: 'create_agent',
      kind: 2,
      status: 0,
    },
  );
  assert.deepEqual(request.attributes, {
    'http.request.method': 'POST',
    'http.response.status_code': 201,
    'roster.outcome': 'ok',
    'roster.request_id': answer.headers['x-request-id'],
  });
  const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
  assert.deepEqual(
    below.map(({ name, attributes }) => [name, attributes]),
    [
      ['hash password', {}],
      ['commit', { 'roster.transaction': 'createAgent' }],
    ],
  );
  for (const span of below) {
    assert.equal(span.traceId, traceId);
    assert.ok(span.begin >= request.begin && span.end <= request.end && span.end > span.begin);
  }
  assert.deepEqual(new Set(collector.posts), new Set(['POST /v1/traces application/json']));
});

test('what is refused is told by its outcome; nothing personal or secret stands in a trace', async (t) => {
  const traced = await startTraced(t);
  const { server, collector } = traced;
  const created = await callApi(server.port, server.token, paths.create, agent);
  const conflict = await callApi(server.port, server.token, `${paths.create}&agent_pass=InTheQuery1!`, agent, {
    method: 'POST',
    headers: { 'idempotency-key': 'key-of-this-test' },
  });
  assert.equal(conflict.status, 409);
  const stranger = await callApi(server.port, `${server.token}x`, paths.create, agent);
  const refused = await findRequest(traced, conflict);
  assert.deepEqual([refused.attributes['roster.outcome'], refused.status], ['agent_conflict', 0]);
  assert.equal((await findRequest(traced, stranger)).attributes['roster.outcome'], 'token_invalid');
  const password = (created.json()['data'] as { password: string }[])[0]?.password ?? '?';
  const secret = server.token.split('_')[3] ?? '?';
  const hidden = [...Object.values(agent), password, secret, 'InTheQuery1!', 'key-of-this-test', '127.0.0.1'];
  const posted = collector.bodies.join('\n');
  for (const text of hidden) assert.ok(!posted.includes(text), `${text} stands in a trace`);
  const keys = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
  const known = ['http.request.method', 'http.response.status_code', 'roster.outcome', 'roster.request_id'];
  assert.deepEqual([...keys].toSorted(), [...known, 'roster.transaction'].toSorted());
});

test('what the server could not do is an error, of the request and of its commit', async (t) => {
  const shim = await compileDiskShim();
  t.after(() => shim.remove());
  const fullFile = join(shim.folder, 'full');
  const traced = await startTraced(t, shim.env({ fullFile }));
  const { server, collector } = traced;
  await writeFile(fullFile, '');
  const answer = await callApi(server.port, server.token, paths.create, { agent_dni: '1', agent_name: 'Ana' });
  assert.equal(answer.status, 503);
  const request = await findRequest(traced, answer);
  assert.deepEqual([request.status, request.attributes['roster.outcome']], [2, 'unavailable']);
  const commit = await collector.find(({ parentSpanId }) => parentSpanId === request.spanId);
  assert.deepEqual([commit.name, commit.status, commit.attributes['roster.outcome']], ['commit', 2, 'unavailable']);
  await rm(fullFile);
});

test('a malformed traceparent begins a trace of its own; a caller that does not trace is not traced', async (t) => {
  const traced = await startTraced(t);
  const { server, collector } = traced;
  const call = (traceparent: string): Promise<Answer> =>
    callApi(server.port, server.token, paths.tokenInfo, undefined, { headers: { traceparent } });
  const silent = await call(`00-${traceId}-${callerSpan}-00`);
  for (const odd of [`00-${'0'.repeat(32)}-${callerSpan}-01`, 'x'.repeat(5000), `00-${traceId.toUpperCase()}-1-01`]) {
    const span = await findRequest(traced, await call(odd));
    assert.equal(span.parentSpanId, undefined);
    assert.notEqual(span.traceId, traceId);
  }
  const requestIds = collector.spans.map(({ attributes }) => attributes['roster.request_id']);
  assert.ok(!requestIds.includes(silent.headers['x-request-id'] ?? ''));
});

test('the ratio 0 traces only whom the caller traces; probes leave no span; a stop sends the last', async (t) => {
  const traced = await startTraced(t, { ROSTER_TRACES_RATIO: '0' });
  const { server, collector } = traced;
  await callApi(server.port, server.token, paths.tokenInfo);
  await ask(server.port, { path: '/health/ready' });
  const headers = { traceparent: `00-${traceId}-${callerSpan}-01` };
  await ask(server.port, { path: '/health/ready', headers });
  await callApi(server.port, server.token, paths.tokenInfo, undefined, { headers });
  assert.equal(await server.stop(), 0);
  assert.deepEqual(
    collector.spans.map(({ name }) => name),
    ['token_info'],
  );
});

test('a collector that is not there holds nobody up, and the log says so once', async (t) => {
  const server = await startServer({ env: { ROSTER_TRACES_ENDPOINT: 'http://127.0.0.1:9' } });
  t.after(() => server.remove());
  const until = performance.now() + 20_000;
  while (!server.output().includes('traces could not be sent')) {
    const start = performance.now();
    assert.equal((await callApi(server.port, server.token, paths.tokenInfo)).status, 200);
    assert.ok(performance.now() - start < 3000, 'no request waits for the collector');
    assert.ok(performance.now() < until, 'the log says nothing');
    await wait(100);
  }
  const start = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - start < 5000, 'nor does a stop');
  const [line = '', ...more] = server
    .output()
    .split('\n')
    .filter((text) => text.includes('traces could not be sent'));
  assert.deepEqual(more, []);
  assert.match(line, /"reason":"connect ECONNREFUSED 127\.0\.0\.1:9"/);
});
