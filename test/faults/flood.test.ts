/**
 * Proves that a flood of bad requests harms nobody else: while a process of its own sends up to 10,000 a second of every
 * kind that is refused (no token, malformed, unknown and revoked tokens of the same operation, a busy one), another
 * token's creates go on, every one of them, and the audit trail grows by a handful of events, which yet count every
 * refusal of the revoked token.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { formatToken } from '../../src/domain/token-text.ts';
import {
  createRequest,
  createTokens,
  type KnownAgent,
  readCreated,
  tokenInfoRequest,
  waitUntilBusy,
} from '../support/agents.ts';
import type { FloodKind, FloodResult, FloodTask } from '../support/flood.ts';
import { openConnection, type RawConnection } from '../support/http-connection.ts';
import { assertKept } from '../support/kept.ts';
import { scaled } from '../support/scale.ts';
import { stopInTime } from '../support/stop-in-time.ts';
import { cleanEnv, startServer, type TestServer } from '../support/server.ts';

const rate = 10_000;
const seconds = Math.max(5, scaled(30));
const aloneCreates = 500;
/** Audit events that the flood may cause. */
const handful = 20;
/** The other token's answers must not take longer than this at the 99th percentile under flood, in milliseconds. */
const latencyAtMost = 2000;

const generator = new URL('../support/flood.ts', import.meta.url).pathname;

async function startFlood(port: number, kinds: FloodKind[]): Promise<FloodResult> {
  const task: FloodTask = { port, seconds, rate, kinds };
  const { stdout } = await promisify(execFile)(process.execPath, [generator, JSON.stringify(task)], {
    env: cleanEnv({}),
  });
  return JSON.parse(stdout) as FloodResult;
}

async function makeKinds(server: TestServer, busyToken: string): Promise<FloodKind[]> {
  const revoked = await server.admin.createToken('0001', { description: 'Revoked' });
  await server.admin.revokeToken('0001', revoked.token_id);
  const unknown = formatToken({ operationId: '0001', tokenId: 'x'.repeat(10), secret: 'x'.repeat(27) });
  const invalid = 'PLEASE VALIDATE TOKEN';
  const kind = (name: string, token: string, words: string): FloodKind => ({
    name,
    requests: [createRequest(token, name), tokenInfoRequest(token)],
    words,
  });
  return [
    kind('no token', '', 'PLEASE ENTER THE WOLKVOX-TOKEN'),
    kind('malformed', 'not-a-token', invalid),
    kind('unknown', unknown, invalid),
    kind('revoked', revoked.token, invalid),
    kind('busy', busyToken, 'EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS PER TOKEN (1)'),
  ];
}

/** Creates of one client, one after the other. */
interface Creates {
  agents: KnownAgent[];
  latencies: number[];
}

async function createWhile({ send }: RawConnection, token: string, prefix: string, goesOn: (count: number) => boolean) {
  const creates: Creates = { agents: [], latencies: [] };
  while (goesOn(creates.agents.length)) {
    const dni = `${prefix}-${creates.agents.length}`;
    const begin = performance.now();
    const answer = await send(createRequest(token, dni));
    creates.latencies.push(performance.now() - begin);
    creates.agents.push(readCreated(answer, dni));
  }
  return creates;
}

function percentile99({ latencies }: Creates): number {
  return latencies.toSorted((left, right) => left - right)[Math.floor(0.99 * (latencies.length - 1))] ?? 0;
}

function reportFlood(t: TestContext, { sent, seconds: elapsed, answers }: FloodResult): void {
  t.diagnostic(`${sent} bad requests in ${elapsed.toFixed(1)} s: ${Math.round(sent / elapsed)} a second`);
  const counts = Object.entries(answers).map(([name, { all }]) => `${name} ${all}`);
  t.diagnostic(`refused: ${counts.join(', ')}`);
}

test(`${rate} bad requests a second for ${seconds} s harm nobody else`, async (t) => {
  // The busy token's one place is held by a client in the middle of its body, for as long as the flood lasts.
  const server = await startServer({ env: { ROSTER_BODY_TIMEOUT: '300', ROSTER_REQUEST_TIMEOUT: '300' } });
  t.after(() => server.remove());
  const [token = '', busyToken = ''] = await createTokens(server, 2);
  const kinds = await makeKinds(server, busyToken);
  const holder = await openConnection(server.port);
  t.after(() => holder.close());
  const held = holder.send(createRequest(busyToken, 'holder').slice(0, -5));
  await waitUntilBusy(server.port, busyToken);

  const client = await openConnection(server.port);
  t.after(() => client.close());
  const alone = await createWhile(client, token, 'alone', (count) => count < aloneCreates);
  let isOver = false;
  const flooding = startFlood(server.port, kinds).finally(() => (isOver = true));
  const beside = await createWhile(client, token, 'beside', () => !isOver);
  const result = await flooding;
  holder.socket.write(createRequest(busyToken, 'holder').slice(-5));
  const holding = readCreated(await held, 'holder');

  reportFlood(t, result);
  const figures = [alone, beside].map((creates) => `${percentile99(creates).toFixed(1)} ms`);
  t.diagnostic(`another token's creates at the 99th percentile: alone ${figures[0]}, beside the flood ${figures[1]}`);
  t.diagnostic(`${beside.agents.length} creates beside the flood, all 201`);
  for (const [name, { all, right }] of Object.entries(result.answers)) {
    assert.ok(all > 0, name);
    assert.equal(right, all, `every answer to ${name} has its words`);
  }
  assert.ok(beside.agents.length > 0);
  assert.ok(percentile99(beside) <= latencyAtMost);

  assert.equal((await server.admin.verifyAudit('0001')).fault, null);
  const before = (await server.admin.findAuditHead('0001')).seq;
  t.diagnostic(`stopped in ${await stopInTime(server)} ms`);
  const { agents, events } = assertKept(server.dataDir, [...alone.agents, ...beside.agents, holding]);
  assert.equal(agents.length, alone.agents.length + beside.agents.length + 1, 'nothing of a refused request');
  const refusals = events.filter(({ action }) => action === 'token.refused');
  t.diagnostic(
    `the audit trail tells of the flood in ${refusals.length} events (${events.length - before} at the stop)`,
  );
  assert.ok(refusals.length > 0 && refusals.length < handful, `${refusals.length} events`);
  const counted = refusals.reduce((sum, { details }) => sum + Number(details['count']), 0);
  assert.equal(counted, result.answers['revoked']?.all, 'and counts every refusal of the known token');
  const others = events.filter(({ action }) => action !== 'agent.created').length - refusals.length;
  assert.ok(others < handful, `${others} other events`);
});
