/** What is generated from the code is committed, and is what the code says now; the documents are valid OpenAPI 3.1. */
import { Validator } from '@seriousme/openapi-schema-validator';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { makeGeneratedFiles } from '../../scripts/generated-files.ts';
import type { OpenApiDocument } from '../../src/documents/open-api.ts';
import { errorCodes } from '../../src/domain/errors.ts';
import { doorErrorCodes } from '../../src/http/status.ts';
import { ask } from '../support/ask.ts';
import { askLocally } from '../support/local.ts';
import { startServer, type TestServer } from '../support/server.ts';

const root = new URL('../../', import.meta.url);
const readCommitted = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const generated = await makeGeneratedFiles();

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.remove());

for (const [path, text] of generated) {
  test(`${path} is what the code says ("npm run generate" writes it)`, () => {
    assert.equal(readCommitted(path), text);
  });
}

for (const path of [...generated.keys()].filter((name) => name.endsWith('.json'))) {
  test(`${path} is valid OpenAPI 3.1`, async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(readCommitted(path)) as Record<string, unknown>);
    assert.deepEqual(result.errors ?? [], []);
    assert.ok(result.valid);
    assert.equal(validator.version, '3.1');
  });
}

test('each listener serves the document of its own API', async () => {
  const answer = await ask(server.port, { path: '/openapi.json' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(answer.text, readCommitted('docs/openapi/configuration.json'));
  const page = await ask(server.port, { path: '/docs/openapi.json' });
  assert.equal(page.text, readCommitted('docs/openapi/configuration-by-api.json'));
  const local = await askLocally(server.dataDir, '/openapi.json');
  assert.equal(local.status, 200);
  assert.equal(await local.text(), readCommitted('docs/openapi/management.json'));
  assert.equal((await askLocally(server.dataDir, '/docs')).status, 200);
});

test('no path of the documents for programs has a query, and no operation has the id of another', () => {
  for (const name of ['configuration', 'management']) {
    const { paths } = JSON.parse(readCommitted(`docs/openapi/${name}.json`)) as OpenApiDocument;
    assert.deepEqual(
      Object.keys(paths).filter((path) => /[?#]/.test(path)),
      [],
    );
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    assert.equal(new Set(ids).size, ids.length);
  }
});

test('the page is there with and without a final slash, and nothing else below it', async () => {
  for (const path of ['/docs', '/docs/']) {
    const answer = await ask(server.port, { path });
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'text/html; charset=utf-8']);
    assert.match(answer.headers['content-security-policy'] ?? '', /^default-src 'self';/);
  }
  for (const path of ['/docs/package.json', '/docs/..%2fpackage.json']) {
    assert.equal((await ask(server.port, { path })).status, 404);
  }
});

test('a document that is known already is not sent again', async () => {
  const { headers } = await ask(server.port, { path: '/openapi.json' });
  const again = await ask(server.port, { path: '/openapi.json', headers: { 'if-none-match': headers['etag'] ?? '' } });
  assert.deepEqual([again.status, again.text], [304, '']);
});

test('the list of errors has every code once', () => {
  const headings = [...readCommitted('docs/errors.md').matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
  assert.deepEqual(headings.toSorted(), [...errorCodes, ...doorErrorCodes].toSorted());
});
