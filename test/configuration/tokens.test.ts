/** Tokens as a client meets them: hosts, expiry, networks, rotation, revocation, daily limit, refusals in the trail. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, callApi, newDni, paths } from '../support/ask.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
before(async () => void (server = await startServer()));
after(() => server.remove());

const info = (token: string, headers: Record<string, string> = {}): Promise<Answer> =>
  callApi(server.port, token, paths.tokenInfo, undefined, { headers });
const msg = async (answer: Promise<Answer>): Promise<unknown> => (await answer).json()['msg'];
const refused = 'PLEASE VALIDATE TOKEN';
const found = '1 records were found';

test('hosts that name the operation, hosts that leave it to the token', async () => {
  await server.admin.addOperation({ code: 'abc' });
  const { token } = await server.admin.createToken('abc', {});
  const cases: [string, string, string][] = [
    [server.token, 'wv0001.localhost', found],
    [server.token, 'WV0001.Example.COM.:8080', found],
    [server.token, 'localhost:8080', found],
    [server.token, '127.0.0.1', found],
    [server.token, '[::1]:8080', found],
    [server.token, 'wv.example.com', found],
    [server.token, 'wvnothing.example.com', found],
    [server.token, 'wv0002.example.com', refused],
    [server.token, 'wvabc.example.com', refused],
    [token, 'wvabc.example.com', found],
    [token, 'wv0001.example.com', refused],
    [token, 'localhost', found],
  ];
  const answers = [];
  for (const [secret, host] of cases) answers.push([host, await msg(info(secret, { host }))]);
  assert.deepEqual(
    answers,
    cases.map(([, host, expected]) => [host, expected]),
  );
});

test('with a domain configured only wv{code}.{domain} names an operation', async () => {
  const other = await startServer({ env: { ROSTER_DOMAIN: 'Example.com' } });
  const ask = (host: string): Promise<unknown> =>
    msg(callApi(other.port, other.token, paths.tokenInfo, undefined, { headers: { host } }));
  assert.deepEqual(
    [
      await ask('wv0001.example.com'),
      await ask('wv0002.example.com'),
      await ask('wv0002.elsewhere.com'),
      await ask('wv0002.x.example.com'),
    ],
    [found, refused, found, found],
  );
  await other.remove();
});

test('a token ends when it expires', async () => {
  const { token } = await server.admin.createToken('0001', { expires_at: new Date(Date.now() + 1500).toISOString() });
  assert.equal(await msg(info(token)), found);
  await new Promise((resolve) => setTimeout(resolve, 1600));
  assert.equal(await msg(info(token)), refused);
});

test('a token is good only from its networks', async () => {
  const { token: here } = await server.admin.createToken('0001', {
    allowed_networks: ['127.0.0.0/8', '2001:db8::/32'],
  });
  const { token: elsewhere } = await server.admin.createToken('0001', {
    allowed_networks: ['10.0.0.0/8', '192.168.1.7'],
  });
  assert.deepEqual([await msg(info(here)), await msg(info(elsewhere))], [found, refused]);
});

test('forwarded addresses count behind a named proxy only', async () => {
  const behind = await startServer({ env: { ROSTER_TRUSTED_PROXIES: '127.0.0.1' } });
  const allowed = { allowed_networks: ['203.0.113.9'] };
  const forwarded = { 'x-forwarded-for': '203.0.113.9' };
  const { token: theirs } = await behind.admin.createToken('0001', allowed);
  const { token: ours } = await server.admin.createToken('0001', allowed);
  assert.equal(await msg(callApi(behind.port, theirs, paths.tokenInfo, undefined, { headers: forwarded })), found);
  assert.equal(await msg(info(ours, forwarded)), refused);
  await behind.remove();
});

test('a rotated token lives on for its grace, a revoked one is refused at once', async () => {
  const old = await server.admin.createToken('0001', { description: 'HR', daily_limit: 9, scopes: ['agents:read'] });
  const renewed = await server.admin.rotateToken('0001', old.token_id);
  assert.deepEqual([await msg(info(old.token)), await msg(info(renewed.token))], [found, found]);
  assert.deepEqual(
    [renewed.description, renewed.daily_limit, renewed.scopes, renewed.rotated_from],
    ['HR', 9, ['agents:read'], old.token_id],
  );
  await server.admin.revokeToken('0001', old.token_id);
  assert.deepEqual([await msg(info(old.token)), await msg(info(renewed.token))], [refused, found]);
  const third = await server.admin.rotateToken('0001', renewed.token_id, 0);
  assert.deepEqual([await msg(info(renewed.token)), await msg(info(third.token))], [refused, found]);
  await assert.rejects(server.admin.rotateToken('0001', old.token_id), { code: 'token_unknown', status: 404 });
  await assert.rejects(server.admin.revokeToken('0001', 'nothing'), { code: 'token_unknown' });
});

test('token_info and the daily limit', async () => {
  await server.admin.addOperation({ code: '0005', time_zone: 'America/Bogota' });
  const limited = await server.admin.createToken('0005', { description: 'Nightly', daily_limit: 3 });
  const free = await server.admin.createToken('0005', { description: 'Free' });
  const host = { host: 'wv0005.localhost' };
  const row = async (token: string): Promise<unknown> => (await info(token, host)).json();
  const answer = (data: object): object => ({ code: '200', error: null, msg: found, data: [data] });
  assert.deepEqual(
    await row(free.token),
    answer({
      description: 'Free',
      token_limit: 'unlimited',
      token_use_today: '1',
      all_token_today: '1',
      available_consumption_options: 'unlimited',
    }),
  );
  assert.deepEqual(
    await row(limited.token),
    answer({
      description: 'Nightly',
      token_limit: '3',
      token_use_today: '1',
      all_token_today: '2',
      available_consumption_options: '2',
    }),
  );
  const failed = await callApi(server.port, limited.token, paths.create, '{}', { headers: host });
  assert.equal(failed.status, 400);
  assert.deepEqual(
    await row(limited.token),
    answer({
      description: 'Nightly',
      token_limit: '3',
      token_use_today: '3',
      all_token_today: '4',
      available_consumption_options: '0',
    }),
  );
  const over = await info(limited.token, host);
  assert.deepEqual(over.json(), { code: 403, error: 'FORBIDDEN', msg: 'TOKEN LIMIT EXCEEDED', details: [] });
  const wait = Number(over.headers['retry-after']);
  assert.ok(wait > 0 && wait <= 86_400, `Retry-After ${wait}`);
  const created = await callApi(
    server.port,
    limited.token,
    paths.create,
    { agent_dni: newDni(), agent_name: 'A' },
    { headers: host },
  );
  assert.equal(created.status, 403);
});

test('the daily limit holds exactly under simultaneous requests and through a crash', async () => {
  const first = await startServer();
  const { token } = await first.admin.createToken('0001', { daily_limit: 20, simultaneous_limit: 64 });
  const count = async (target: TestServer): Promise<number> => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => callApi(target.port, token, paths.agents)));
    return answers.filter(({ status }) => status === 200).length;
  };
  const before = await Promise.all(Array.from({ length: 8 }, () => callApi(first.port, token, paths.agents)));
  assert.ok(before.every(({ status }) => status === 200));
  await first.kill();
  const second = await startServer({ dataDir: first.dataDir });
  assert.equal(await count(second), 12);
  await second.remove();
});

test('refusals of a known token are one event a kind with a count; unknown tokens leave none', async () => {
  const own = await startServer();
  const { token_id, token } = await own.admin.createToken('0001', { scopes: ['agents:read'] });
  const revoked = await own.admin.createToken('0001', {});
  await own.admin.revokeToken('0001', revoked.token_id);
  for (let index = 0; index < 5; index += 1) {
    await callApi(own.port, token, paths.create, '{}');
    await callApi(own.port, revoked.token, paths.create, '{}');
    await callApi(own.port, 'rst_0001_AAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAA_000000', paths.create, '{}');
  }
  await own.stop();
  const again = await startServer({ dataDir: own.dataDir });
  const { events } = await again.admin.listAuditEvents('0001', { limit: 100 });
  const refusals = events.filter(({ action }) => action === 'token.refused');
  const total = (subject: string): number =>
    refusals
      .filter((event) => event.subject === subject)
      .reduce((sum, { details }) => sum + Number(details['count']), 0);
  assert.deepEqual([total(token_id), total(revoked.token_id)], [5, 5]);
  assert.ok(refusals.length <= 4, `${refusals.length} events`);
  for (const { outcome, address, details } of refusals) {
    assert.deepEqual([outcome, address], ['refused', '127.0.0.1']);
    assert.ok(['scope', 'revoked'].includes(String(details['reason'])));
  }
  const listed = await again.admin.listTokens('0001');
  assert.equal(listed.find((entry) => entry.token_id === token_id)?.last_used_at !== null, true);
  assert.equal((await again.admin.verifyAudit('0001')).fault, null);
  await again.remove();
});
