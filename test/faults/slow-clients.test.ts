/**
 * Proves that slow, vanishing and oversized clients harm nobody but themselves: whoever dawdles over headers or body is
 * told so (408) in the API's envelope, a body of megabytes gets a 413 that its sender can read, and the token's place
 * is free again whatever the client did. A client that vanishes before its body's end has created nothing, one that
 * vanishes after it has created its agent once.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import {
  createAgent,
  createRequest,
  createTokens,
  type Envelope,
  type KnownAgent,
  listAgents,
  readEnvelope,
  waitUntilBusy,
  waitUntilFree,
  withConnection,
} from '../support/agents.ts';
import { configurationRequest, openConnection, type RawAnswer } from '../support/http-connection.ts';
import { assertKept } from '../support/kept.ts';
import { scaled } from '../support/scale.ts';
import { startServer } from '../support/server.ts';

/** What a client may take for its headers, and again for its body, in seconds. */
const timeout = 1;
/** When an answer that is to come after the timeout must have come, in milliseconds. */
const lateAtMost = 6000;

const server = await startServer({
  env: { ROSTER_HEADERS_TIMEOUT: String(timeout), ROSTER_BODY_TIMEOUT: String(timeout) },
});
after(() => server.remove());
const [token = ''] = await createTokens(server, 1);
const acknowledged: KnownAgent[] = [];

/** A place is free: the next create is let in. */
async function assertPlaceFree(dni: string): Promise<void> {
  acknowledged.push(await createAgent(server.port, token, dni));
}

function assertTooSlow(answer: RawAnswer, elapsed: number): void {
  assert.equal(answer.status, 408);
  const { code, error, msg } = readEnvelope(answer);
  assert.deepEqual({ code, error, msg }, { code: 408, error: 'REQUEST TIMEOUT', msg: 'THE REQUEST TOOK TOO LONG' });
  assert.match(answer.head, /^content-type: application\/json; charset=utf-8$/im);
  assert.match(answer.head, /^connection: close$/im);
  assert.match(answer.head, /^x-request-id: \S+$/im);
  assert.ok(elapsed >= timeout * 900 && elapsed <= lateAtMost, `after ${elapsed} ms`);
}

/** Sends the first bytes at once and a further byte now and then, until there is an answer. */
async function dawdle(first: string, further: string): Promise<{ answer: RawAnswer; elapsed: number }> {
  const connection = await openConnection(server.port);
  const begin = performance.now();
  const drip = setInterval(() => connection.socket.write(further), 100);
  try {
    const answer = await connection.send(first);
    return { answer, elapsed: performance.now() - begin };
  } finally {
    clearInterval(drip);
    connection.close();
  }
}

/** A create's bytes in two: the headers with a first part of the body, and the rest. */
function splitRequest(dni: string): [string, string] {
  const request = createRequest(token, dni);
  return [request.slice(0, -10), request.slice(-10)];
}

test('slow headers are answered 408 in the envelope', async () => {
  const { answer, elapsed } = await dawdle('POST /api/v2/configuration.php?api=create_agent HTTP/1.1\r\nX-Slow: ', 'x');
  assertTooSlow(answer, elapsed);
});

test('a client that connects and says nothing is let go', async () => {
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  socket.resume();
  const begin = performance.now();
  await once(socket, 'close');
  assert.ok(performance.now() - begin <= lateAtMost);
});

test('a slow body is answered 408 in the envelope, holds its place until then and no longer', async () => {
  const [head] = splitRequest('slow-body');
  const slow = dawdle(head, '');
  await waitUntilBusy(server.port, token);
  const { answer, elapsed } = await slow;
  assertTooSlow(answer, elapsed);
  await assertPlaceFree('after-slow-body');
});

test('a body that comes byte by byte is measured as a whole', async () => {
  const head = createRequest(token, 'dripping').replace(/Content-Length: \d+/, 'Content-Length: 60000');
  const { answer, elapsed } = await dawdle(head, ' ');
  assertTooSlow(answer, elapsed);
  await assertPlaceFree('after-dripping');
});

test('a body in chunks without an end is answered 408', async () => {
  const head = createRequest(token, 'x').replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked');
  const { answer, elapsed } = await dawdle(head.replace(/\{.*$/, ''), '1\r\n \r\n');
  assertTooSlow(answer, elapsed);
  await assertPlaceFree('after-endless');
});

test('a client that goes away in the middle of its body leaves no agent and no taken place', async () => {
  for (let index = 0; index < scaled(50); index += 1) {
    const connection = await openConnection(server.port);
    const [head] = splitRequest(`gone-${index}`);
    connection.socket.write(head);
    await waitUntilBusy(server.port, token);
    // Now and then with a reset instead of an orderly end.
    if (index % 2 === 0) connection.close();
    else connection.socket.resetAndDestroy();
    await waitUntilFree(server.port, token);
    await assertPlaceFree(`after-gone-${index}`);
  }
  const listed = await listAgents(server.port, token);
  assert.deepEqual(
    listed.filter(({ agent_dni: dni }) => dni.startsWith('gone-')),
    [],
  );
});

test('a client that goes away after its body has created its agent once', async () => {
  const count = scaled(50);
  for (let index = 0; index < count; index += 1) {
    const socket = connect({ port: server.port, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.end(createRequest(token, `left-${index}`));
    socket.destroySoon();
    await once(socket, 'close');
    await waitUntilFree(server.port, token);
    await assertPlaceFree(`after-left-${index}`);
  }
  const listed = await listAgents(server.port, token);
  assert.equal(listed.filter(({ agent_dni: dni }) => dni.startsWith('left-')).length, count);
});

/** The bytes of a create whose body has so many bytes, with its length said or in chunks. */
function bigRequest(bytes: number, form: 'length' | 'chunks'): string {
  const body = JSON.stringify({ agent_dni: 'big', agent_name: 'x'.repeat(bytes) });
  const request = configurationRequest({ token, api: 'create_agent', body });
  if (form === 'length') return request;
  const [head = ''] = request.split('\r\n\r\n', 1);
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  return `${head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked')}\r\n\r\n${chunked}`;
}

for (const form of ['length', 'chunks'] as const) {
  test(`a body of 10 MB (${form}) is answered 413 in the envelope, which its sender can read`, async () => {
    const answer = await withConnection(server.port, ({ send }) => send(bigRequest(10 * 1024 * 1024, form)));
    assert.equal(answer.status, 413);
    const { code, error, msg }: Envelope = readEnvelope(answer);
    const expected = { code: 413, error: 'PAYLOAD TOO LARGE', msg: 'THE BODY EXCEEDS 65536 BYTES' };
    assert.deepEqual({ code, error, msg }, expected);
    await assertPlaceFree(`after-big-${form}`);
  });
}

test('a body without end is cut off and holds no place', async () => {
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  const closed = new Promise((resolve) => void socket.once('close', resolve).on('error', () => undefined));
  socket.resume();
  socket.write(createRequest(token, 'x').replace(/Content-Length: \d+/, 'Content-Length: 99999999999'));
  const block = Buffer.alloc(64 * 1024, ' ');
  const push = (): void => {
    while (!socket.destroyed && socket.write(block));
  };
  socket.on('drain', push);
  push();
  await closed;
  await assertPlaceFree('after-endless-body');
});

test('in the end nothing is there but what was acknowledged and what those who left had sent', async () => {
  assert.equal((await server.admin.verifyAudit('0001')).fault, null);
  assert.equal(await server.stop(), 0);
  const { agents } = assertKept(server.dataDir, acknowledged);
  const left = agents.filter(({ dni }) => dni.startsWith('left-')).length;
  assert.equal(agents.length, acknowledged.length + left);
});
