/** The hardened door, asked with raw bytes: what no HTTP client would send. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, callApi, newDni, paths } from '../support/ask.ts';
import { configurationRequest, openConnection, type RawAnswer } from '../support/http-connection.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
before(async () => void (server = await startServer()));
after(() => server.remove());

async function send(lines: string[]): Promise<RawAnswer> {
  const connection = await openConnection(server.port);
  try {
    return await connection.send(lines.join('\r\n'));
  } finally {
    connection.close();
  }
}

const path = paths.create;
const malformed = { code: 400, error: 'BAD REQUEST', msg: 'THE REQUEST IS NOT VALID HTTP', details: [] };

const refused: [name: string, lines: string[]][] = [
  ['no Host', [`POST ${path} HTTP/1.1`, 'Content-Length: 0', '', '']],
  [
    'two Hosts',
    [`POST ${path} HTTP/1.1`, 'Host: wv0001.localhost', 'Host: wv0001.localhost', 'Content-Length: 0', '', ''],
  ],
  ['two Hosts in other case', [`POST ${path} HTTP/1.1`, 'Host: a', 'hOST: b', 'Content-Length: 0', '', '']],
  ['an empty Host', [`POST ${path} HTTP/1.1`, 'Host: ', 'Content-Length: 0', '', '']],
  ['a Host that is none', [`POST ${path} HTTP/1.1`, 'Host: a/b', 'Content-Length: 0', '', '']],
  ['HTTP/1.0 without Host', [`GET ${paths.agents} HTTP/1.0`, '', '']],
  [
    'Transfer-Encoding in HTTP/1.0',
    [`POST ${path} HTTP/1.0`, 'Host: localhost', 'Transfer-Encoding: chunked', '', '0', '', ''],
  ],
  [
    'Content-Length and Transfer-Encoding',
    [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Length: 5', 'Transfer-Encoding: chunked', '', '0', '', ''],
  ],
  [
    'two Content-Lengths',
    [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Length: 2', 'Content-Length: 3', '', '{}'],
  ],
  ['a Content-Length that is no number', [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Length: 0x2', '', '{}']],
  [
    'a header with a blank before its colon',
    [`POST ${path} HTTP/1.1`, 'Host : localhost', 'Content-Length: 0', '', ''],
  ],
  ['no HTTP at all', ['\u0016\u0003\u0001', '', '']],
  [
    'a chunk size that is none',
    [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Transfer-Encoding: chunked', '', 'zz', '', ''],
  ],
  ['a percent sign without digits in the path', ['GET /api/v2/%zz HTTP/1.1', 'Host: localhost', '', '']],
];

for (const [name, lines] of refused) {
  test(`${name}: 400 in the envelope`, async () => {
    const answer = await send(lines);
    assert.deepEqual(JSON.parse(answer.body), malformed);
    assert.equal(answer.status, 400);
    assert.match(answer.head, /^content-type: application\/json; charset=utf-8$/im);
    assert.match(answer.head, /^x-request-id: [0-9a-f-]{36}$/im);
    assert.match(answer.head, /^cache-control: no-store$/im);
  });
}

test('headers and URL too large', async () => {
  const tooLarge = (code: number, error: string): object => ({
    code,
    error,
    msg: 'THE REQUEST IS TOO LARGE',
    details: [],
  });
  const headers = await send([`POST ${path} HTTP/1.1`, 'Host: localhost', `X-Large: ${'x'.repeat(20_000)}`, '', '']);
  assert.deepEqual([headers.status, JSON.parse(headers.body)], [431, tooLarge(431, 'REQUEST HEADER FIELDS TOO LARGE')]);
  for (const length of [9000, 30_000]) {
    const url = await send([
      `GET /api/v2/configuration.php?api=${'x'.repeat(length)} HTTP/1.1`,
      'Host: localhost',
      '',
      '',
    ]);
    assert.deepEqual([url.status, JSON.parse(url.body)], [414, tooLarge(414, 'URI TOO LONG')]);
  }
});

test('a 10 MB body is refused in words, and the server goes on', async () => {
  const answer = await callApi(server.port, server.token, path, 'x'.repeat(10_000_000));
  assert.deepEqual(answer.json(), {
    code: 413,
    error: 'PAYLOAD TOO LARGE',
    msg: 'THE BODY EXCEEDS 65536 BYTES',
    details: [],
  });
  assert.equal(
    (await callApi(server.port, server.token, path, { agent_dni: newDni(), agent_name: 'Ana' })).status,
    201,
  );
});

test('65,536 bytes are taken', async () => {
  const body = JSON.stringify({ agent_dni: newDni(), agent_name: 'Ana', filler: '' });
  const full = body.replace('"filler":""', `"filler":"${'x'.repeat(65_536 - body.length)}"`);
  assert.equal((await callApi(server.port, server.token, path, full)).status, 201);
});

test('a connection serves several requests, also after a refusal that read no body', async () => {
  const connection = await openConnection(server.port);
  const statuses = [];
  for (const token of ['x', server.token, 'x', server.token]) {
    const body = JSON.stringify({ agent_dni: newDni(), agent_name: 'Ana' });
    statuses.push((await connection.send(configurationRequest({ token, api: 'create_agent', body }))).status);
  }
  connection.close();
  assert.deepEqual(statuses, [403, 201, 403, 201]);
});

test('every answer carries the security headers; other paths answer in JSON', async () => {
  const cases: [string, number][] = [
    ['/', 404],
    ['/nothing', 404],
    ['/health/ready', 200],
    ['/management/v1/operations', 404],
    ['/metrics', 404],
    [path, 405],
  ];
  for (const [target, status] of cases) {
    const answer = await ask(server.port, { path: target });
    assert.equal(answer.status, status, target);
    assert.deepEqual(
      ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cache-control', 'content-security-policy'].map(
        (name) => answer.headers[name],
      ),
      ['nosniff', 'DENY', 'no-referrer', 'no-store', "default-src 'none'; frame-ancestors 'none'"],
    );
    assert.equal(answer.headers['server'], undefined);
    assert.doesNotThrow(() => answer.json());
  }
});
