/**
 * Proves that a full disk costs nothing but time: creates are refused with 503 and leave nothing behind (no agent, no
 * id, a whole audit trail), reads go on, and once there is space again so do creates, ids gapless. The disk is full for
 * as long as a file exists (`disk-shim.c`).
 */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  createAgent,
  createRequest,
  createTokens,
  type KnownAgent,
  listAgents,
  readCreated,
  readEnvelope,
  withConnection,
} from '../support/agents.ts';
import { createCounter } from '../support/counter.ts';
import { compileDiskShim } from '../support/disk-shim.ts';
import type { RawAnswer } from '../support/http-connection.ts';
import { assertKept, assertListed } from '../support/kept.ts';
import { runServer } from '../support/run-server.ts';
import { scaled } from '../support/scale.ts';
import { startServer, type TestServer } from '../support/server.ts';

const clients = 8;

interface FullDisk {
  server: TestServer;
  tokens: string[];
  fill: () => Promise<void>;
  free: () => Promise<void>;
  /** What puts a server on this disk. */
  env: Record<string, string>;
  /** The same server once more, after it has ended. */
  restart: () => Promise<TestServer>;
}

async function startOnDisk(t: TestContext): Promise<FullDisk> {
  const shim = await compileDiskShim();
  t.after(() => shim.remove());
  const fullFile = join(shim.folder, 'full');
  const env = shim.env({ fullFile });
  const server = await startServer({ env });
  t.after(() => server.remove());
  return {
    server,
    env,
    tokens: await createTokens(server, clients),
    fill: () => writeFile(fullFile, ''),
    free: () => rm(fullFile),
    async restart() {
      const restarted = await startServer({ env, dataDir: server.dataDir });
      t.after(() => restarted.remove());
      return restarted;
    },
  };
}

function assertRefused(answer: RawAnswer): void {
  assert.equal(answer.status, 503);
  assert.match(answer.head, /^retry-after: [1-9]\d*$/im);
  const { code, error, msg } = readEnvelope(answer);
  assert.deepEqual({ code, error, msg }, { code: 503, error: 'SERVICE UNAVAILABLE', msg: 'TRY AGAIN LATER' });
}

test('a full disk refuses creates, leaves nothing of them, and lets reads through', async (t) => {
  const { server, tokens, fill, free } = await startOnDisk(t);
  const { port, admin } = server;
  const [token = ''] = tokens;
  const acknowledged = [await createAgent(port, token, 'before')];
  const headBefore = await admin.findAuditHead('0001');
  const key = 'Idempotency-Key: full-disk';

  await fill();
  await Promise.all(
    tokens.map((each, lane) =>
      withConnection(port, async ({ send }) => {
        for (let index = 0; index < 10; index += 1)
          assertRefused(await send(createRequest(each, `full-${lane}-${index}`)));
        assertRefused(await send(createRequest(each, `chosen-${lane}`, { password: 'Correct-Horse-9!' })));
      }),
    ),
  );
  await withConnection(port, async ({ send }) => {
    assertRefused(await send(createRequest(token, 'keyed', { headers: [key] })));
    assertRefused(await send(createRequest(token, 'keyed', { headers: [key] })));
  });
  assertListed(await listAgents(port, token), acknowledged);
  assert.equal((await listAgents(port, token)).length, 1, 'no agent of a refused create');
  const { head, fault } = await admin.verifyAudit('0001');
  assert.deepEqual(
    { head, fault },
    { head: headBefore, fault: null },
    'no event of a refused create, and a whole trail',
  );

  await free();
  const again = await Promise.all(tokens.map((each, lane) => createAgent(port, each, `full-${lane}-0`)));
  acknowledged.push(...again);
  await withConnection(port, async ({ send }) => {
    const keyed = readCreated(await send(createRequest(token, 'keyed', { headers: [key] })), 'keyed');
    assert.deepEqual(readCreated(await send(createRequest(token, 'keyed', { headers: [key] })), 'keyed'), keyed);
    acknowledged.push(keyed);
  });
  assert.equal((await admin.verifyAudit('0001')).fault, null);
  assert.equal(await server.stop(), 0);
  assert.equal(assertKept(server.dataDir, acknowledged).agents.length, acknowledged.length);
});

test('a disk that fills up and is freed in the middle of a load loses nothing', async (t) => {
  const { server, tokens, fill, free } = await startOnDisk(t);
  const rounds = scaled(50);
  const acknowledged: KnownAgent[] = [];
  const refused: string[] = [];
  const created = createCounter();
  const turnedAway = createCounter();
  const stop = new AbortController();
  const load = tokens.map((token, lane) =>
    withConnection(server.port, async ({ send }) => {
      for (let index = 0; !stop.signal.aborted; index += 1) {
        const dni = `L${lane}-${index}`;
        const answer = await send(createRequest(token, dni));
        if (answer.status === 201) {
          acknowledged.push(readCreated(answer, dni));
          created.add();
        } else {
          assertRefused(answer);
          refused.push(dni);
          turnedAway.add();
        }
      }
    }),
  );
  const change = async (): Promise<void> => {
    for (let round = 1; round <= rounds; round += 1) {
      await created.reach(created.count() + 50);
      await fill();
      await turnedAway.reach(turnedAway.count() + 50);
      await free();
    }
    await created.reach(created.count() + 50);
    stop.abort();
  };
  await Promise.all([change(), ...load]);

  const listed = await listAgents(server.port, tokens[0] ?? '');
  assertListed(listed, acknowledged);
  const refusedDnis = new Set(refused);
  assert.deepEqual(
    listed.filter(({ agent_dni: dni }) => refusedDnis.has(dni)),
    [],
    'nothing of a refused create',
  );
  assert.equal((await server.admin.verifyAudit('0001')).fault, null);
  assert.equal(await server.stop(), 0);
  const { agents } = assertKept(server.dataDir, acknowledged);
  assert.equal(agents.length, acknowledged.length);
  t.diagnostic(`${rounds} times full: ${acknowledged.length} creates acknowledged, ${refused.length} refused`);
});

test('a server that is killed, or stopped, on a full disk has lost nothing when there is space again', async (t) => {
  const { server, tokens, env, fill, free, restart } = await startOnDisk(t);
  const [token = ''] = tokens;
  const acknowledged = await Promise.all(tokens.map((each, lane) => createAgent(server.port, each, `before-${lane}`)));
  await fill();
  await withConnection(server.port, async ({ send }) => assertRefused(await send(createRequest(token, 'full'))));
  await server.kill();
  const { code, output } = await runServer({ ...env, ROSTER_DATA_DIR: server.dataDir });
  assert.equal(code, 4, output);
  assert.match(output, /Check that .* the disk has space/, 'a start on a full disk is refused, with the remedy');
  await free();

  const second = await restart();
  assertListed(await listAgents(second.port, token), acknowledged);
  acknowledged.push(await createAgent(second.port, token, 'between'));
  await fill();
  assert.equal(await second.stop(), 0, 'a full disk keeps nobody from stopping');
  await free();

  const third = await restart();
  acknowledged.push(await createAgent(third.port, token, 'after'));
  assert.equal((await third.admin.verifyAudit('0001')).fault, null);
  assert.equal(await third.stop(), 0);
  assert.equal(assertKept(server.dataDir, acknowledged).agents.length, acknowledged.length);
});
