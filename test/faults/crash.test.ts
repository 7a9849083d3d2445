/**
 * Proves that a crash loses nothing that was acknowledged: the server is killed (SIGKILL) again and again while 8
 * clients create agents, and starts each time within 2 seconds with every acknowledged agent, its password, gapless ids
 * and a whole audit trail. A create with an idempotency key that is repeated after the crash gives one agent and one
 * answer, whether its first answer arrived or not.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createRequest,
  createTokens,
  type KnownAgent,
  listAgents,
  readCreated,
  withConnection,
} from '../support/agents.ts';
import type { RawAnswer, RawConnection } from '../support/http-connection.ts';
import { assertKept, assertListed } from '../support/kept.ts';
import { scaled } from '../support/scale.ts';
import { startServer, type TestServer } from '../support/server.ts';

const kills = scaled(20);
const clients = 8;
/** The goal for a start after a crash, and what noise of the machine may make of a single one, in milliseconds. */
const readyGoal = 2000;
const readyAtMost = 6000;

/** A create with an idempotency key, whose answer may have been lost. */
interface KeyedCreate {
  token: string;
  dni: string;
  key: string;
  first: KnownAgent | undefined;
}

interface Repeats {
  /** Agents whose first answer was lost. */
  found: KnownAgent[];
  /** How many of them had been made before the crash. */
  made: number;
}

interface Round {
  acknowledged: KnownAgent[];
  keyed: KeyedCreate[];
}

test(`${kills} kills under the load of ${clients} clients lose nothing`, async (t) => {
  let server = await startServer();
  const { dataDir } = server;
  t.after(() => server.remove());
  const tokens = await createTokens(server, clients);
  const acknowledged: KnownAgent[] = [];
  const startTimes: number[] = [];
  const repeats = { all: 0, lost: 0, made: 0 };
  for (let kill = 1; kill <= kills; kill += 1) {
    const round = await loadUntilKilled(server, tokens, kill);
    acknowledged.push(...round.acknowledged);
    const begin = performance.now();
    server = await startServer({ dataDir });
    startTimes.push(performance.now() - begin);
    assert.equal(server.token, '', 'a start after a crash is not a first start');
    const { found, made } = await repeatKeyed(server, round.keyed);
    acknowledged.push(...found);
    repeats.all += round.keyed.length;
    repeats.lost += found.length;
    repeats.made += made;
    assertListed(await listAgents(server.port, tokens[0] ?? ''), acknowledged);
    assert.equal((await server.admin.verifyAudit('0001')).fault, null);
  }
  assert.equal(await server.stop(), 0);
  const stored = assertKept(dataDir, acknowledged);
  t.diagnostic(`${kills} kills, ${stored.agents.length} agents, ${acknowledged.length} of them acknowledged`);
  const { all, lost, made } = repeats;
  t.diagnostic(
    `${all} creates repeated under their key; ${lost} had lost their answer, ${made} of these after the commit`,
  );
  assertStartTimes(t, startTimes);
});

function assertStartTimes(t: TestContext, startTimes: readonly number[]): void {
  const sorted = startTimes.toSorted((left, right) => left - right);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const worst = sorted.at(-1) ?? 0;
  t.diagnostic(`ready after a crash: median ${Math.round(median)} ms, at most ${Math.round(worst)} ms`);
  assert.ok(median <= readyGoal, `median ${median} ms`);
  assert.ok(worst <= readyAtMost, `at most ${worst} ms`);
}

/** Creates from every client at once; kills the server at a moment that nobody foresees. */
async function loadUntilKilled(server: TestServer, tokens: readonly string[], kill: number): Promise<Round> {
  const round: Round = { acknowledged: [], keyed: [] };
  const fatalAnswer = 100 + Math.floor(Math.random() * 900);
  let killed: Promise<void> | undefined;
  const onAnswer = (agent: KnownAgent): void => {
    round.acknowledged.push(agent);
    // A while after the answer: else every kill would find the server between two commits.
    if (round.acknowledged.length >= fatalAnswer) killed ??= delay(Math.random() * 5).then(() => server.kill());
  };
  await Promise.all(
    tokens.map((token, lane) =>
      withConnection(server.port, (connection) =>
        createUntilGone(connection, token, `C${kill}-${lane}-`, round, onAnswer),
      ),
    ),
  );
  assert.ok(round.acknowledged.length >= fatalAnswer, 'the connections ended because of the kill');
  await killed;
  return round;
}

/** Creates one agent after the other until the connection ends; every third carries an idempotency key. */
async function createUntilGone(
  { send }: RawConnection,
  token: string,
  prefix: string,
  { keyed }: Round,
  onAnswer: (agent: KnownAgent) => void,
): Promise<void> {
  for (let index = 0; ; index += 1) {
    const dni = `${prefix}${index}`;
    const create = index % 3 === 0 ? { token, dni, key: `key-${dni}`, first: undefined } : undefined;
    if (create !== undefined) keyed.push(create);
    const headers = create === undefined ? [] : [`Idempotency-Key: ${create.key}`];
    const answer = await send(createRequest(token, dni, { headers })).catch(() => undefined);
    if (answer === undefined) return;
    const agent = readCreated(answer, dni);
    if (create !== undefined) Object.assign(create, { first: agent });
    onAnswer(agent);
  }
}

/** Repeats each create under its key, twice. */
async function repeatKeyed(server: TestServer, keyed: readonly KeyedCreate[]): Promise<Repeats> {
  const repeats: Repeats = { found: [], made: 0 };
  await withConnection(server.port, async ({ send }) => {
    for (const { token, dni, key, first } of keyed) {
      const request = createRequest(token, dni, { headers: [`Idempotency-Key: ${key}`] });
      const second = await send(request);
      const agent = readCreated(second, dni);
      if (first === undefined) {
        repeats.found.push(agent);
        if (isReplay(second)) repeats.made += 1;
      } else assert.ok(isReplay(second), 'what was acknowledged is replayed');
      assert.deepEqual(agent, first ?? agent, 'the repeat gives the first answer');
      const third = await send(request);
      assert.ok(isReplay(third));
      assert.deepEqual(readCreated(third, dni), agent, 'and so does the next');
    }
  });
  return repeats;
}

function isReplay({ head }: RawAnswer): boolean {
  return /^idempotency-replayed: true$/im.test(head);
}
