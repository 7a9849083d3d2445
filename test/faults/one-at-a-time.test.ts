/**
 * Proves the rule of simultaneous use from both sides. Whoever sends its next request on the first byte of an answer is
 * never refused, over fresh connections at limit 1. And never more than the limit are inside: with every place held,
 * each further request is refused in the exact words, and under a storm no shared commit holds more creates of a token
 * than it has places.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createRequest,
  createTokens,
  type KnownAgent,
  listAgents,
  listRequest,
  readCreated,
  readEnvelope,
  tokenInfoRequest,
  waitUntilBusy,
  withConnection,
} from '../support/agents.ts';
import { compileDiskShim } from '../support/disk-shim.ts';
import { openConnection, type RawAnswer } from '../support/http-connection.ts';
import { assertKept } from '../support/kept.ts';
import { scaled } from '../support/scale.ts';
import { startServer } from '../support/server.ts';
import { countPerCommit, readTrace } from '../support/sync-trace.ts';

function assertBusy(answer: RawAnswer, limit: number): void {
  assert.equal(answer.status, 403);
  assert.match(answer.head, /^retry-after: [1-9]\d*$/im);
  const { code, error, msg } = readEnvelope(answer);
  const words = `EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS PER TOKEN (${limit})`;
  assert.deepEqual({ code, error, msg }, { code: 403, error: 'FORBIDDEN', msg: words });
}

/** Sends a request over a fresh connection; gives the status as soon as the answer's first bytes are there. */
async function readStatusAtOnce(port: number, request: string): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write(request);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.on('error', () => undefined);
  socket.resume().end();
  return Number(chunk.toString('latin1', 9, 12));
}

const inARow = scaled(10_000);

test(`${inARow} requests in a row over fresh connections at limit 1: none is refused`, async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const [token = ''] = await createTokens(server, 1);
  const oneAgent = listRequest(token).replace('api=agents', 'api=agents&agent=10000');
  const statuses = new Map<number, number>();
  for (let index = 0; index < inARow; index += 1) {
    const request = index % 2 === 0 ? createRequest(token, `row-${index}`) : oneAgent;
    const status = await readStatusAtOnce(server.port, request);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  t.diagnostic([...statuses].map(([status, count]) => `${count} answers ${status}`).join(', '));
  const reads = Math.floor(inARow / 2);
  assert.deepEqual(Object.fromEntries(statuses), { 201: inARow - reads, 200: reads });
  assert.equal((await listAgents(server.port, token)).length, inARow - reads);
});

for (const limit of [1, 2, 5]) {
  test(`with all of ${limit} places held every further request is refused in the exact words`, async (t) => {
    const server = await startServer({ env: { ROSTER_BODY_TIMEOUT: '60', ROSTER_REQUEST_TIMEOUT: '60' } });
    t.after(() => server.remove());
    const [token = ''] = await createTokens(server, 1, limit);
    const dnis = Array.from({ length: limit }, (_, index) => `held-${index}`);
    const holders = await Promise.all(dnis.map(() => openConnection(server.port)));
    const requests = dnis.map((dni) => createRequest(token, dni));
    const answers = holders.map(({ send }, index) => send(requests[index]?.slice(0, -5) ?? ''));
    await waitUntilBusy(server.port, token);

    const [reader = ''] = await createTokens(server, 1);
    const usedBefore = await readUses(server.port, reader);
    const excess = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        withConnection(server.port, ({ send }) =>
          send(index % 2 === 0 ? createRequest(token, `excess-${index}`) : tokenInfoRequest(token)),
        ),
      ),
    );
    for (const answer of excess) assertBusy(answer, limit);
    assert.equal(await readUses(server.port, reader), usedBefore, 'a refused request is no use');

    // One place comes free: one request fits in, and the other places are still held.
    holders[0]?.socket.write(requests[0]?.slice(-5) ?? '');
    const first = await answers[0];
    assert.ok(first);
    const agents: KnownAgent[] = [readCreated(first, 'held-0')];
    await withConnection(server.port, async ({ send }) => {
      for (const dni of ['freed-1', 'freed-2']) agents.push(readCreated(await send(createRequest(token, dni)), dni));
    });
    for (const [index, holder] of holders.entries()) {
      if (index > 0) holder.socket.write(requests[index]?.slice(-5) ?? '');
      const answer = await answers[index];
      if (index > 0 && answer !== undefined) agents.push(readCreated(answer, `held-${index}`));
      holder.close();
    }
    assert.equal(await server.stop(), 0);
    assert.equal(assertKept(server.dataDir, agents).agents.length, limit + 2);
  });
}

/** Today's uses by all tokens but this one. */
async function readUses(port: number, reader: string): Promise<number> {
  const answer = await withConnection(port, ({ send }) => send(tokenInfoRequest(reader)));
  const [row] = readEnvelope(answer).data ?? [];
  return Number(row?.['all_token_today']) - Number(row?.['token_use_today']);
}

const mark = 'STORM-';

test('in a storm no commit holds more creates of a token than it has places', async (t) => {
  const shim = await compileDiskShim();
  t.after(() => shim.remove());
  for (const limit of [1, 3]) {
    const traceFile = join(shim.folder, `trace-${limit}`);
    const server = await startServer({ env: shim.env({ syncDelayMs: 4, traceFile, traceMark: mark }) });
    t.after(() => server.remove());
    const [token = ''] = await createTokens(server, 1, limit);
    const agents: KnownAgent[] = [];
    const wanted = scaled(2000);
    let refused = 0;
    let next = 0;
    await Promise.all(
      Array.from({ length: 4 * limit + 4 }, () =>
        withConnection(server.port, async ({ send }) => {
          while (agents.length < wanted) {
            const dni = `${mark}${String(next++).padStart(6, '0')}`;
            const answer = await send(createRequest(token, dni));
            if (answer.status === 201) agents.push(readCreated(answer, dni));
            else {
              assertBusy(answer, limit);
              refused += 1;
            }
          }
        }),
      ),
    );
    assert.equal(await server.stop(), 0);
    assert.equal(assertKept(server.dataDir, agents).agents.length, agents.length, 'nothing of a refused request');
    const counts = countPerCommit(readTrace(await readFile(traceFile, 'utf8')), agents);
    t.diagnostic(`limit ${limit}: ${agents.length} creates in ${counts.length} commits, ${refused} refused`);
    const inside = counts.reduce((sum, count) => sum + count, 0);
    assert.equal(inside, agents.length, 'the witness saw every create');
    const most = Math.max(...counts);
    assert.ok(most <= limit, `${most} creates of the token in one commit`);
    // How many of its places meet in one commit is chance on a busy machine; that some do shows that they could.
    assert.ok(most > 1 || limit === 1, 'no two places ever met in one commit');
    assert.ok(refused > 0, 'it was a storm');
  }
});
