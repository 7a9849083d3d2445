/** create_agent: what is accepted, how it is understood, and what the answer is. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, ask, callApi, newDni, paths } from '../support/ask.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
before(async () => void (server = await startServer()));
after(() => server.remove());

const policy = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!#%&*@]/];

function created(answer: Answer): { agent_id: string; password: string } {
  assert.equal(answer.status, 201, answer.text);
  const json = answer.json();
  assert.deepEqual(Object.keys(json), ['code', 'error', 'msg', 'data']);
  const [row, ...others] = json['data'] as { agent_id: string; password: string }[];
  assert.ok(row !== undefined && others.length === 0);
  assert.deepEqual(json, { code: 201, error: null, msg: 'Agent has been created', data: [row] });
  assert.deepEqual(Object.keys(row), ['agent_id', 'password']);
  assert.match(row.agent_id, /^[1-9][0-9]{4,}$/);
  return row;
}

async function stored(agentId: string): Promise<Record<string, string>> {
  const answer = await callApi(server.port, server.token, `${paths.agents}&agent=${agentId}`);
  const [row] = answer.json()['data'] as Record<string, string>[];
  assert.ok(row !== undefined, answer.text);
  return row;
}

const create = (body: object | string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
  callApi(server.port, server.token, paths.create, body, { headers });

test('the first agent is 10000, ids follow each other', async () => {
  const first = created(await create({ agent_dni: newDni(), agent_name: 'Ana' }));
  const second = created(await create({ agent_dni: newDni(), agent_name: 'Eva' }));
  assert.deepEqual([first.agent_id, second.agent_id], ['10000', '10001']);
});

test('an assigned password has 20 characters, meets the policy and is never the same', async () => {
  const passwords = new Set<string>();
  for (const given of [{}, { agent_pass: '' }, { agent_pass: null }]) {
    const { password } = created(await create({ agent_dni: newDni(), agent_name: 'Ana', ...given }));
    assert.equal(password.length, 20);
    for (const rule of policy) assert.match(password, rule);
    passwords.add(password);
  }
  assert.equal(passwords.size, 3);
});

test('a chosen password comes back as given, never trimmed', async () => {
  for (const agent_pass of ['Xkcd7788!', ' Xkcd7788! ', 'ÑandúÚnico9#"\\', '😀Xkcd7788!', `Ab1!${'x'.repeat(124)}`]) {
    const { password } = created(await create({ agent_dni: newDni(), agent_name: 'Ana', agent_pass }));
    assert.equal(password, agent_pass);
  }
});

interface Understood {
  name: string;
  /** What is sent, as JSON text; `DNI` stands for a dni of its own. */
  body: string;
  row: Partial<Record<string, string>>;
}

const understood: Understood[] = [
  {
    name: 'text is trimmed',
    body: '{"agent_dni":"  DNI\\t","agent_name":" Ana  Gómez ","agent_sso":" Ana.DNI "}',
    row: { agent_dni: 'DNI', agent_name: 'Ana  Gómez', agent_sso: 'Ana.DNI' },
  },
  { name: 'leading zeros stay', body: '{"agent_dni":"00DNI","agent_name":"Ana"}', row: { agent_dni: '00DNI' } },
  {
    name: 'an integer is its text',
    body: '{"agent_dni":90071992547409931234567890,"agent_name":"Ana"}',
    row: { agent_dni: '90071992547409931234567890' },
  },
  { name: 'a negative integer too', body: '{"agent_dni":-17,"agent_name":"Ana"}', row: { agent_dni: '-17' } },
  { name: 'an escaped key', body: '{"agent\\u005fdni":"DNI","agent_name":"Ana"}', row: { agent_dni: 'DNI' } },
  {
    name: 'null, absent and empty sso',
    body: '{"agent_dni":"DNI","agent_name":"Ana","agent_sso":null}',
    row: { agent_sso: '' },
  },
  { name: 'empty sso', body: '{"agent_dni":"DNI","agent_name":"Ana","agent_sso":""}', row: { agent_sso: '' } },
  {
    name: 'any script',
    body: '{"agent_dni":"DNI","agent_name":"アナ Ḡómez 😀 عنا"}',
    row: { agent_name: 'アナ Ḡómez 😀 عنا' },
  },
  {
    name: '100 code points',
    body: `{"agent_dni":"DNI","agent_name":"${'😀'.repeat(100)}"}`,
    row: { agent_name: '😀'.repeat(100) },
  },
  {
    name: '__proto__ is an unknown field',
    body: '{"__proto__":{"agent_name":"Eva"},"agent_dni":"DNI","agent_name":"Ana"}',
    row: { agent_name: 'Ana' },
  },
  {
    name: 'quotes and markup',
    body: '{"agent_dni":"DNI","agent_name":"<b>\\"Ana\\"</b> \'; drop table agents; --"}',
    row: { agent_name: '<b>"Ana"</b> \'; drop table agents; --' },
  },
];

for (const { name, body, row } of understood) {
  test(`understood: ${name}`, async () => {
    const dni = newDni();
    const { agent_id } = created(await create(body.replaceAll('DNI', dni)));
    const agent = await stored(agent_id);
    for (const [field, value] of Object.entries(row)) assert.equal(agent[field], value?.replaceAll('DNI', dni));
    assert.deepEqual(
      { status: agent['agent_status'], last: agent['last_use'], enabled: agent['enabled'] },
      { status: 'Logout', last: '', enabled: 'yes' },
    );
  });
}

const types = [
  'text/plain',
  'application/json',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'nonsense',
  ';;;',
  '',
];
for (const type of types) {
  test(`the body is read as JSON under Content-Type "${type}"`, async () => {
    created(await create({ agent_dni: newDni(), agent_name: 'Ana' }, { 'content-type': type }));
  });
}

test('without a Content-Type, with a BOM, chunked, and with the headers other clients send', async () => {
  const headers = { 'wolkvox-token': server.token, wolkvox_server: '0099', 'wolkvox-server': '0099' };
  const text = (): string => JSON.stringify({ agent_dni: newDni(), agent_name: 'Ana' });
  for (const question of [
    { headers, body: text() },
    { headers, body: `\uFEFF${text()}` },
    { headers: { ...headers, 'transfer-encoding': 'chunked' }, body: text() },
  ]) {
    created(await ask(server.port, { method: 'POST', path: paths.create, ...question }));
  }
});

test('query parameters in any order, unknown ones ignored, the last of a name counts', async () => {
  const path = '/api/v2/configuration.php?x=1&api=edit_agent&y=%20&api=create_agent&agent_id=7';
  created(
    await callApi(server.port, server.token, path, { agent_dni: newDni(), agent_name: 'Ana' }, { method: 'POST' }),
  );
});

test('unknown fields are ignored and named in a header, percent-encoded', async () => {
  const answer = await create({ agent_dni: newDni(), agent_name: 'Ana', campaign: 'x', 'año, y': 1 });
  created(answer);
  assert.equal(answer.headers['x-roster-ignored'], 'campaign, a%C3%B1o%2C%20y');
});

test('an operation may refuse unknown fields', async () => {
  await server.admin.addOperation({ code: 'strict1', unknown_fields: 'refuse' });
  const { token } = await server.admin.createToken('strict1', {});
  const answer = await callApi(
    server.port,
    token,
    paths.create,
    { agent_dni: '1', agent_name: 'Ana', campaign: 'x' },
    { headers: { host: 'localhost' } },
  );
  assert.deepEqual(answer.json(), {
    code: 400,
    error: 'BAD REQUEST',
    msg: 'SOME PARAMETERS ARE NOT VALID',
    details: [{ field: 'campaign', problem: 'is not a known field' }],
  });
});

test('operations keep their agents apart: the same dni and sso, ids of their own', async () => {
  await server.admin.addOperation({ code: '0044' });
  const { token } = await server.admin.createToken('0044', {});
  const fields = { agent_dni: newDni(), agent_name: 'Ana', agent_sso: 'the.same' };
  created(await create(fields));
  const other = await callApi(server.port, token, paths.create, fields, { headers: { host: 'wv0044.example.com' } });
  assert.equal(created(other).agent_id, '10000');
  const list = await callApi(server.port, token, paths.agents, undefined, { headers: { host: 'wv0044.example.com' } });
  assert.equal(list.json()['msg'], '1 records were found');
});

test('shorter assigned passwords are hashed slowly, of their own accord', async () => {
  await server.admin.addOperation({ code: 'short', assigned_password_length: 10 });
  const { token } = await server.admin.createToken('short', {});
  const answer = await callApi(
    server.port,
    token,
    paths.create,
    { agent_dni: '1', agent_name: 'Ana' },
    { headers: { host: 'localhost' } },
  );
  assert.equal(created(answer).password.length, 10);
});

test('agents, their order and one alone', async () => {
  await server.admin.addOperation({ code: 'listed' });
  const { token } = await server.admin.createToken('listed', {});
  const host = { headers: { host: 'localhost' } };
  for (const agent_dni of ['3', '1', '2']) {
    await callApi(
      server.port,
      token,
      paths.create,
      { agent_dni, agent_name: `Agent ${agent_dni}`, agent_sso: `U${agent_dni}` },
      host,
    );
  }
  await callApi(server.port, token, paths.disable, { agent_id: '10001' }, host);
  const row = (agent_id: string, dni: string, enabled: string) => ({
    agent_id,
    agent_name: `Agent ${dni}`,
    agent_dni: dni,
    agent_status: 'Logout',
    last_use: '',
    agent_sso: `U${dni}`,
    enabled,
  });
  const all = await callApi(server.port, token, paths.agents, undefined, host);
  assert.deepEqual(all.json(), {
    code: '200',
    error: null,
    msg: '3 records were found',
    data: [row('10000', '3', 'yes'), row('10001', '1', 'no'), row('10002', '2', 'yes')],
  });
  assert.equal(all.headers['x-total-count'], '3');
  const one = await callApi(server.port, token, `${paths.agents}&agent=10001`, undefined, host);
  assert.deepEqual(one.json(), {
    code: '200',
    error: null,
    msg: '1 records were found',
    data: [row('10001', '1', 'no')],
  });
});
