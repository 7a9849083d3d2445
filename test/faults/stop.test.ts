/**
 * Proves that a stop (SIGTERM) loses no answer: whatever was sent before the signal is answered, whatever is answered is
 * kept, and the server ends with code 0 within 10 seconds, even beside a client that hangs in the middle of its body.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import {
  createRequest,
  createTokens,
  type KnownAgent,
  readCreated,
  readEnvelope,
  waitUntilBusy,
  withConnection,
} from '../support/agents.ts';
import { createCounter } from '../support/counter.ts';
import { compileDiskShim } from '../support/disk-shim.ts';
import { openConnection, type RawAnswer } from '../support/http-connection.ts';
import { assertKept } from '../support/kept.ts';
import { scaled } from '../support/scale.ts';
import { startServer } from '../support/server.ts';
import { stopInTime } from '../support/stop-in-time.ts';

const clients = 8;
/** Milliseconds within which a stopped server has ended where nobody is left to wait for. */
const idleStopWithin = 5000;

test('every create that is being worked on when the signal comes is answered and kept', async (t) => {
  const shim = await compileDiskShim();
  t.after(() => shim.remove());
  const first = await startServer();
  t.after(() => first.remove());
  const tokens = await createTokens(first, clients);
  await first.stop();
  // On this disk every create is under way long enough to be met by the signal.
  const server = await startServer({ dataDir: first.dataDir, env: shim.env({ syncDelayMs: 300 }) });
  t.after(() => server.remove());
  const connections = await Promise.all(tokens.map(() => openConnection(server.port)));
  const creates = tokens.map((token, lane) => {
    const dni = `under-way-${lane}`;
    return connections[lane]?.send(createRequest(token, dni)).then((answer) => readCreated(answer, dni));
  });
  await Promise.all(tokens.map((token) => waitUntilBusy(server.port, token)));
  const stopped = stopInTime(server);
  const agents = (await Promise.all(creates)).filter((agent) => agent !== undefined);
  // The clients keep their connections, as clients do: that must hold up nobody either.
  const elapsed = await stopped;
  for (const connection of connections) connection.close();
  t.diagnostic(`${agents.length} creates under way were answered; stopped in ${elapsed} ms`);
  assert.equal(assertKept(server.dataDir, agents).agents.length, clients);
  assert.ok(elapsed <= idleStopWithin, `stopped in ${elapsed} ms: a connection without a request is not waited for`);
});

/** A request that was sent, and what became of it. */
interface Sent {
  at: number;
  dni: string;
  answer: RawAnswer | undefined;
}

/** Creates one agent after the other over a connection until it ends. */
async function createUntilGone(port: number, token: string, lane: number, onAnswer: () => void): Promise<Sent[]> {
  return withConnection(port, async ({ send }) => {
    const log: Sent[] = [];
    for (let index = 0; ; index += 1) {
      const entry: Sent = { at: performance.now(), dni: `load-${lane}-${index}`, answer: undefined };
      log.push(entry);
      entry.answer = await send(createRequest(token, entry.dni)).catch(() => undefined);
      if (entry.answer === undefined) return log;
      onAnswer();
      // As an HTTP client must: after this the connection takes no further request.
      if (/^connection: close$/im.test(entry.answer.head)) return log;
    }
  });
}

test('under load every request sent before the signal is answered, and every answer is kept', async (t) => {
  const times: number[] = [];
  let answered = 0;
  let unansweredAfter = 0;
  for (let round = 0; round < scaled(20); round += 1) {
    const server = await startServer();
    t.after(() => server.remove());
    const tokens = await createTokens(server, clients);
    const counter = createCounter();
    const loads = tokens.map((token, lane) => createUntilGone(server.port, token, lane, counter.add));
    await counter.reach(100 + Math.floor(Math.random() * 400));
    const signalled = performance.now();
    const stopped = stopInTime(server);
    const sent = (await Promise.all(loads)).flat();
    times.push(await stopped);
    const agents: KnownAgent[] = [];
    for (const { answer, dni } of sent) if (answer !== undefined) agents.push(readCreated(answer, dni));
    assert.deepEqual(
      sent.filter(({ at, answer }) => at < signalled && answer === undefined),
      [],
      'sent before the signal, and lost',
    );
    assertKept(server.dataDir, agents);
    answered += agents.length;
    unansweredAfter += sent.filter(({ answer }) => answer === undefined).length;
  }
  t.diagnostic(`${answered} answers kept, ${unansweredAfter} requests sent after the signal not answered`);
  t.diagnostic(`stopped under load in ${times.join(', ')} ms`);
});

test('a client that keeps its connection open does not hold up the stop', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  await withConnection(server.port, async ({ send }) => {
    const agent = readCreated(await send(createRequest(server.token, 'idle')), 'idle');
    const elapsed = await stopInTime(server);
    t.diagnostic(`stopped beside an idle connection in ${elapsed} ms`);
    assert.ok(elapsed <= idleStopWithin);
    assertKept(server.dataDir, [agent]);
  });
});

test('a client that hangs in the middle of its body does not hold up the stop beyond 10 seconds', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const [token = '', other = ''] = await createTokens(server, 2);
  const hanging = await openConnection(server.port);
  const ended = hanging.send(createRequest(token, 'hanging').slice(0, -10)).catch(() => undefined);
  await waitUntilBusy(server.port, token);
  const agent = await withConnection(server.port, async ({ send }) =>
    readCreated(await send(createRequest(other, 'other')), 'other'),
  );
  const elapsed = await stopInTime(server);
  const answer = await ended;
  hanging.close();
  const end = answer === undefined ? 'without an answer' : `with ${readEnvelope(answer).code}`;
  t.diagnostic(`stopped beside a hanging client in ${elapsed} ms; it was let go ${end}`);
  assert.equal(assertKept(server.dataDir, [agent]).agents.length, 1);
});

test('a log that is not read any more does not hold up the stop', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  // The pipe takes 64 KiB, and the reader's buffer as much; everything beyond waits in the server.
  server.process.stdout?.pause();
  const agents: KnownAgent[] = [];
  await withConnection(server.port, async ({ send }) => {
    for (let index = 0; index < 1000; index += 1) {
      const dni = `unread-${index}`;
      agents.push(readCreated(await send(createRequest(server.token, dni)), dni));
    }
  });
  const elapsed = await stopInTime(server);
  t.diagnostic(`stopped in ${elapsed} ms`);
  assertKept(server.dataDir, agents);
});

test('a log whose reader has gone does not hold up the stop', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const agent = await withConnection(server.port, async ({ send }) =>
    readCreated(await send(createRequest(server.token, 'unheard')), 'unheard'),
  );
  // What the server has to say of it has not been written yet.
  server.process.stdout?.destroy();
  t.diagnostic(`stopped in ${await stopInTime(server)} ms`);
  assertKept(server.dataDir, [agent]);
});

test('a stopped server leaves its database in one file', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  await withConnection(server.port, async ({ send }) => readCreated(await send(createRequest(server.token, 'a')), 'a'));
  await stopInTime(server);
  const files = await readdir(server.dataDir);
  assert.deepEqual(
    files.filter((file) => file.startsWith('roster.db')),
    ['roster.db'],
    'whoever copies roster.db has all of it',
  );
});
