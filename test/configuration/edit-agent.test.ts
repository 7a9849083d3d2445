/** edit_agent, enable_agent, disable_agent: what changes, what stays, and what the trail says of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, callApi, newDni, paths } from '../support/ask.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
before(async () => void (server = await startServer()));
after(() => server.remove());

async function createOne(fields: object = {}): Promise<{ agentId: string; dni: string }> {
  const dni = newDni();
  const answer = await callApi(server.port, server.token, paths.create, {
    agent_dni: dni,
    agent_name: 'Ana',
    agent_sso: `s.${dni}`,
    ...fields,
  });
  const [row] = answer.json()['data'] as { agent_id: string }[];
  assert.ok(row !== undefined, answer.text);
  return { agentId: row.agent_id, dni };
}

async function row(agentId: string): Promise<Record<string, string>> {
  const answer = await callApi(server.port, server.token, `${paths.agents}&agent=${agentId}`);
  return (answer.json()['data'] as Record<string, string>[])[0] ?? {};
}

const edit = (agentId: string, body: object | string): Promise<Answer> =>
  callApi(server.port, server.token, paths.edit(agentId), body);

async function newestEvent(): Promise<{ action: string; subject: string; details: unknown }> {
  const [event] = (await server.admin.listAuditEvents('0001', { limit: 1 })).events;
  assert.ok(event !== undefined);
  return { action: event.action, subject: event.subject, details: event.details };
}

const updated = { code: 202, error: null, msg: 'agent has been updated' };

test('each field alone changes that field alone (value sets, absent leaves)', async () => {
  const { agentId } = await createOne();
  const dni = newDni();
  const cases: [object, object, string[]][] = [
    [{ agent_name: ' Ana María ' }, { agent_name: 'Ana María' }, ['agent_name']],
    [{ agent_dni: dni }, { agent_dni: dni }, ['agent_dni']],
    [{ agent_sso: 'New.User' }, { agent_sso: 'New.User' }, ['agent_sso']],
    [{ agent_sso: 'NEW.user' }, { agent_sso: 'NEW.user' }, ['agent_sso']],
    [{ agent_sso: null }, { agent_sso: '' }, ['agent_sso']],
    [{ agent_pass: 'Xkcd7788!' }, {}, ['agent_pass']],
  ];
  for (const [body, change, fields] of cases) {
    const before = await row(agentId);
    const answer = await edit(agentId, body);
    assert.deepEqual([answer.status, answer.json()], [202, updated]);
    assert.deepEqual(await row(agentId), { ...before, ...change });
    assert.deepEqual(await newestEvent(), { action: 'agent.edited', subject: agentId, details: { fields } });
  }
});

test('empty, absent and unchanged change nothing, are 202 and no event', async () => {
  const { agentId, dni } = await createOne();
  const before = await row(agentId);
  const { seq } = await server.admin.findAuditHead('0001');
  for (const body of [
    {},
    { agent_dni: '', agent_name: '', agent_sso: '', agent_pass: '' },
    { agent_dni: dni },
    { unknown: 'x' },
  ]) {
    assert.deepEqual((await edit(agentId, body)).json(), updated);
  }
  assert.deepEqual(await row(agentId), before);
  assert.equal((await server.admin.findAuditHead('0001')).seq, seq);
});

test("another agent's dni and sso are refused, one's own are not", async () => {
  const one = await createOne();
  const two = await createOne();
  const taken = await edit(two.agentId, { agent_dni: one.dni, agent_name: 'Changed' });
  assert.deepEqual(taken.json(), {
    code: 409,
    error: 'CONFLICT',
    msg: 'AN AGENT WITH THIS AGENT_DNI ALREADY EXISTS',
    details: [
      { field: 'agent_dni', problem: `agent ${one.agentId} already has this agent_dni`, agent_id: one.agentId },
    ],
  });
  const sso = await edit(two.agentId, { agent_sso: `S.${one.dni}`, agent_pass: 'Xkcd7788!' });
  assert.equal(sso.json()['msg'], 'AN AGENT WITH THIS AGENT_SSO ALREADY EXISTS');
  assert.equal((await row(two.agentId))['agent_name'], 'Ana');
  assert.equal((await edit(two.agentId, { agent_dni: two.dni, agent_sso: `S.${two.dni}` })).status, 202);
});

test('disable and enable, once and again, by text and by integer', async () => {
  const { agentId } = await createOne();
  for (const [path, word, enabled] of [
    [paths.disable, 'disabled', 'no'],
    [paths.disable, 'disabled', 'no'],
    [paths.enable, 'enabled', 'yes'],
    [paths.enable, 'enabled', 'yes'],
  ] as const) {
    for (const body of [{ agent_id: agentId }, { agent_id: Number(agentId) }]) {
      const answer = await callApi(server.port, server.token, path, body);
      assert.deepEqual(
        [answer.status, answer.json()],
        [202, { code: 202, error: null, msg: `${agentId} agent has been ${word}` }],
      );
      assert.equal((await row(agentId))['enabled'], enabled);
    }
  }
  const { events } = await server.admin.listAuditEvents('0001', { limit: 3 });
  assert.deepEqual(
    events.map(({ action }) => action),
    ['agent.enabled', 'agent.disabled', 'agent.created'],
  );
});

test('an id of another operation names no agent', async () => {
  await server.admin.addOperation({ code: '0077' });
  const { token } = await server.admin.createToken('0077', {});
  const { agentId } = await createOne();
  const answer = await callApi(
    server.port,
    token,
    paths.disable,
    { agent_id: agentId },
    { headers: { host: 'localhost' } },
  );
  assert.equal(answer.json()['msg'], 'THE AGENT DOES NOT EXIST');
});
