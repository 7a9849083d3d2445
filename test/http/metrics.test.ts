/** Metrics: that they count what happened, name nobody, grow with nobody's wishes, and where they are served. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { ask, callApi, newDni, paths } from '../support/ask.ts';
import { askSocket } from '../support/ask-socket.ts';
import { findValue, readMetrics, type Sample } from '../support/metrics.ts';
import { findFreePort, startServer, type TestServer } from '../support/server.ts';

async function start(t: TestContext, env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer({ env });
  t.after(() => server.remove());
  return server;
}

async function read({ dataDir }: TestServer): Promise<Sample[]> {
  const { status, text } = await askSocket(dataDir, '/metrics');
  assert.equal(status, 200);
  return readMetrics(text);
}

test('what happens is counted: requests, agents, replays, refusals, commits', async (t) => {
  const server = await start(t);
  const { port, token } = server;
  const before = await read(server);
  for (const reason of ['busy', 'unknown', 'network']) {
    assert.equal(
      findValue(before, 'roster_token_refused_total', { reason }),
      0,
      `${reason} is there before it happens`,
    );
  }
  const dni = newDni();
  const keyed = { headers: { 'idempotency-key': 'one' } };
  const create = (fields: object, options = {}): Promise<unknown> =>
    callApi(port, token, paths.create, { agent_name: 'Ana', ...fields }, options);
  await create({ agent_dni: dni }, keyed);
  await create({ agent_dni: dni }, keyed);
  await create({ agent_dni: dni });
  await create({ agent_dni: newDni(), agent_pass: 'Xkcd7788!' });
  await callApi(port, `${token}x`, paths.tokenInfo);
  const samples = await read(server);
  const expected: [name: string, labels: Record<string, string>, value: number][] = [
    ['roster_requests_total', { api: 'create_agent', outcome: 'ok', status: '201' }, 3],
    ['roster_requests_total', { api: 'create_agent', outcome: 'agent_conflict', status: '409' }, 1],
    ['roster_requests_total', { api: 'token_info', outcome: 'token_invalid', status: '403' }, 1],
    ['roster_request_duration_seconds_count', { api: 'create_agent' }, 4],
    ['roster_agents_created_total', { password: 'assigned' }, 1],
    ['roster_agents_created_total', { password: 'chosen' }, 1],
    ['roster_idempotent_replays_total', { outcome: 'shown' }, 1],
    ['roster_token_refused_total', { reason: 'malformed' }, 1],
    ['roster_commit_failures_total', {}, 0],
    ['roster_password_hashes_running', {}, 0],
    ['roster_password_hashes_waiting', {}, 0],
    ['roster_password_hashes_refused_total', {}, 0],
    ['roster_writer_queue', {}, 0],
    ['roster_ready', { part: 'database' }, 1],
    ['roster_ready', { part: 'disk' }, 1],
  ];
  for (const [name, labels, value] of expected) {
    assert.equal(findValue(samples, name, labels), value, `${name} ${JSON.stringify(labels)}`);
  }
  const grown = (name: string): number => (findValue(samples, name) ?? 0) - (findValue(before, name) ?? 0);
  assert.ok(grown('roster_commit_transactions_sum') >= 4);
  assert.ok(grown('roster_commit_duration_seconds_count') >= 4);
  assert.ok((findValue(samples, 'roster_database_bytes', { file: 'database' }) ?? 0) > 4096);
  assert.ok((findValue(samples, 'roster_disk_free_bytes') ?? 0) > 0);
  assert.ok((findValue(samples, 'nodejs_eventloop_lag_p99_seconds') ?? 0) > 0);
  assert.equal(samples.find(({ name }) => name === 'roster_build_info')?.labels['node'], process.versions.node);
});

test('requests at once: those beyond the limit are counted as busy, and creates share commits', async (t) => {
  const server = await start(t);
  const { token } = await server.admin.createToken('0001', { description: 'wide', simultaneous_limit: 32 });
  const before = await read(server);
  await Promise.all(
    Array.from({ length: 32 }, () =>
      callApi(server.port, token, paths.create, { agent_dni: newDni(), agent_name: 'Ana' }),
    ),
  );
  const chosen = { agent_name: 'Ana', agent_pass: 'Xkcd7788!' };
  const answers = await Promise.all(
    Array.from({ length: 4 }, () =>
      callApi(server.port, server.token, paths.create, { ...chosen, agent_dni: newDni() }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 403).length;
  const samples = await read(server);
  assert.ok(refused > 0);
  assert.equal(findValue(samples, 'roster_token_refused_total', { reason: 'busy' }), refused);
  const commits =
    (findValue(samples, 'roster_commit_transactions_count') ?? 0) -
    (findValue(before, 'roster_commit_transactions_count') ?? 0);
  assert.ok(commits < 32 + 4, `${commits} commits`);
});

test('labels name no customer, and callers cannot make new ones', async (t) => {
  const server = await start(t);
  const { port, token } = server;
  await server.admin.addOperation({ code: 'acme' });
  const { token: foreign } = await server.admin.createToken('acme', { description: 'Acme' });
  await callApi(
    port,
    foreign,
    paths.create,
    { agent_dni: '777888999', agent_name: 'Ana' },
    {
      headers: { host: `wvacme.localhost:${port}` },
    },
  );
  const odd = async (number: number): Promise<void> => {
    await ask(port, { path: `/odd-${number}`, method: number % 2 === 0 ? 'GET' : 'DELETE' });
    await callApi(port, token, `/api/v2/configuration.php?api=odd_${number}`, {});
    await callApi(port, token, `/api/v2/odd-${number}/%zz`, {});
    await callApi(port, `odd_${number}`, paths.tokenInfo);
    await askSocket(server.dataDir, `/management/v1/operations/odd-${number}/agents`);
    await askSocket(server.dataDir, `/management/v1/odd-${number}`);
  };
  await odd(0);
  await odd(1);
  const series = (samples: readonly Sample[]): string[] =>
    samples
      .filter(({ name }) => name.startsWith('roster_'))
      .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`)
      .toSorted();
  await read(server);
  const few = series(await read(server));
  for (let number = 2; number < 40; number += 1) await odd(number);
  assert.deepEqual(series(await read(server)), few);
  const text = few.join('\n');
  for (const hidden of ['acme', '0001', '777888999', 'odd', token.split('_')[2] ?? '?', foreign.split('_')[2] ?? '?']) {
    assert.ok(!text.includes(hidden), `${hidden} stands in a label`);
  }
});

test('on the network only where a port is set for it, and nothing else there', async (t) => {
  const metricsPort = await findFreePort();
  const server = await start(t, { ROSTER_METRICS_PORT: String(metricsPort) });
  const answer = await ask(metricsPort, { path: '/metrics' });
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
  assert.equal(findValue(readMetrics(answer.text), 'roster_ready', { part: 'disk' }), 1);
  assert.equal((await ask(server.port, { path: '/metrics' })).status, 404);
  for (const path of ['/', '/management/v1/operations', paths.tokenInfo, '/health/ready']) {
    assert.equal((await ask(metricsPort, { path })).status, 404, path);
  }
  const taken = await startServer({ env: { ROSTER_METRICS_PORT: String(metricsPort) } }).then(
    () => assert.fail('it started'),
    (error: unknown) => String(error),
  );
  assert.match(taken, new RegExp(`Port ${metricsPort} on 127\\.0\\.0\\.1 is taken[^]*ROSTER_METRICS_PORT`));
});

test('beyond this machine only where the main listener might be, and not on its port', () => {
  const problemOf = (env: Record<string, string>): string | undefined => {
    try {
      readConfig({ env });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  const wide = { ROSTER_METRICS_PORT: '9100', ROSTER_METRICS_HOST: '0.0.0.0' };
  assert.match(problemOf(wide) ?? '', /ROSTER_METRICS_HOST=0\.0\.0\.0 serves metrics beyond this machine without TLS/);
  assert.equal(problemOf({ ...wide, ROSTER_ALLOW_PLAINTEXT: '1' }), undefined);
  assert.equal(problemOf({ ROSTER_METRICS_HOST: '0.0.0.0' }), undefined);
  assert.match(problemOf({ ROSTER_METRICS_PORT: '8080' }) ?? '', /is the port that ROSTER_PORT already has/);
  assert.match(problemOf({ ROSTER_METRICS_PORT: '0' }) ?? '', /must be a whole number from 1 to 65535/);
  assert.match(problemOf({ ROSTER_TRACES_ENDPOINT: 'collector:4318' }) ?? '', /must be an address such as/);
  assert.match(problemOf({ ROSTER_TRACES_ENDPOINT: 'https://a:b@c' }) ?? '', /without a user and password/);
  assert.match(problemOf({ ROSTER_TRACES_RATIO: '1.5' }) ?? '', /must be a number from 0 to 1/);
  const { config } = readConfig({ env: { ROSTER_TRACES_ENDPOINT: 'http://c:4318', ROSTER_TRACES_RATIO: '0.25' } });
  assert.deepEqual([config.tracesEndpoint, config.tracesRatio], ['http://c:4318/v1/traces', 0.25]);
});
