/** The PHP cURL sample of the public documentation, unchanged but for its host. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { newDni } from '../support/ask.ts';
import { startServer, type TestServer } from '../support/server.ts';

const sample = new URL('../fixtures/create-agent.php', import.meta.url).pathname;
let server: TestServer;
before(async () => void (server = await startServer()));
after(() => server.remove());

const success =
  /^\{"code":201,"error":null,"msg":"Agent has been created","data":\[\{"agent_id":"\d+","password":"[^"]+"\}\]\}$/;

for (const [name, prefix] of [
  ['with Content-Type: text/plain', ''],
  ['with no Content-Type, for which cURL says application/x-www-form-urlencoded', ' '],
] as const) {
  test(`POST ${name}`, async () => {
    const url = `http://wv0001.localhost:${server.port}/api/v2/configuration.php?api=create_agent`;
    const body = `${prefix}{\r\n    "agent_dni": "${newDni()}",\r\n    "agent_name": "Ana Gómez",\r\n    "agent_sso": "",\r\n    "agent_pass": ""\r\n}`;
    const { stdout } = await promisify(execFile)('php', [sample, url, server.token, body]);
    assert.match(stdout, success);
  });
}
