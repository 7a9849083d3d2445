/** Finding agents: by words of any field, while their words are written and before, after edits, and by state. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { after, before, test } from 'node:test';
import { hasWords, splitWords, wordsOf } from '../../src/domain/agent-words.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
before(async () => {
  server = await startServer();
  for (const [agent_dni, agent_name, agent_sso] of [
    ['1020304050', 'Ana María Gómez', 'CORP\\ana.gomez'],
    ['52.123.456', 'Zulema Ñandú', 'zulema@corp.example'],
    ['CC-77', 'ANA LÓPEZ', null],
    ['88', 'Łukasz Gomes', null],
  ] as const) {
    await server.admin.createAgent('0001', { agent_dni, agent_name, agent_sso });
  }
});
after(() => server.remove());

const find = async (search: string, enabled?: boolean): Promise<string[]> =>
  (await server.admin.listAgents('0001', { search, enabled })).agents.map((agent) => agent.agent_id);

const cases: [search: string, found: string[]][] = [
  ['ana', ['10000', '10002']],
  ['ANA GÓMEZ', ['10000']],
  ['gom', ['10000', '10003']],
  ['gomez ana', ['10000']],
  ['nandu', ['10001']],
  ['52.123', ['10001']],
  ['corp', ['10000', '10001']],
  ['10002', ['10002']],
  ['1020304050', ['10000']],
  ['020304', []],
  ['ana zulema', []],
  ['%', []],
  ['_', []],
];

async function checkAll(): Promise<void> {
  const found = [];
  for (const [search] of cases) found.push([search, await find(search)]);
  assert.deepEqual(found, cases);
}

test('agents are found at once, before their words are written', checkAll);

test('and the same when they are', async () => {
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await checkAll();
});

test('an edit is found by what is new, not by what was', async () => {
  await server.admin.editAgent('0001', '10003', { agent_name: 'Łukasz Kowalski', agent_sso: 'lukasz' });
  assert.deepEqual([await find('gomes'), await find('kowal'), await find('lukasz')], [[], ['10003'], ['10003']]);
});

test('by state, with a search and without', async () => {
  await server.admin.setAgentEnabled('0001', '10002', false);
  assert.deepEqual([await find('ana', true), await find('ana', false)], [['10000'], ['10002']]);
  const disabled = await server.admin.listAgents('0001', { enabled: false });
  assert.deepEqual(
    [disabled.agents.map((agent) => agent.agent_id), disabled.total, disabled.next],
    [['10002'], 4, null],
  );
  const page = await server.admin.listAgents('0001', { enabled: true, limit: 2 });
  assert.deepEqual([page.agents.map((agent) => agent.agent_id), page.next], [['10000', '10001'], '10001']);
  const rest = await server.admin.listAgents('0001', { enabled: true, limit: 2, after: page.next ?? '' });
  assert.deepEqual([rest.agents.map((agent) => agent.agent_id), rest.next], [['10003'], null]);
});

test('what is left to find is said', async () => {
  const { agents, more } = await server.admin.listAgents('0001', { search: '1', limit: 1 });
  assert.deepEqual([agents.length, more], [1, true]);
});

test('words: an agent is found by the beginning of each of its words', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  fc.assert(
    fc.property(text, text, fc.nat({ max: 50 }), fc.nat({ max: 10 }), (name, sso, pick, cut) => {
      const agent = {
        agentId: 10_000,
        dni: 'X1',
        name,
        sso,
        operationId: '0001',
        enabled: true,
        createdAt: 0,
        updatedAt: 0,
        lastSignInAt: null,
      };
      const words = wordsOf(agent);
      assert.equal(new Set(words).size, words.length);
      const word = words[pick % words.length] ?? '';
      const beginning = [...word].slice(0, Math.max(1, [...word].length - cut)).join('');
      assert.ok(hasWords(agent, splitWords(beginning)), `${beginning} of ${word}`);
    }),
  );
});
