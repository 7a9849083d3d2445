/**
 * Proves that no answer tells of an agent that is not on disk: between the write to the write-ahead log that holds the
 * agent and the write of its answer to the socket lies a completed sync of that log. The witness stands between the
 * server and the system calls (`disk-shim.c`).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRequest, createTokens, type KnownAgent, readCreated, withConnection } from '../support/agents.ts';
import { compileDiskShim } from '../support/disk-shim.ts';
import { startServer } from '../support/server.ts';
import { findUnproven, readTrace, type Trace } from '../support/sync-trace.ts';

const lanes = 8;
const creates = 100;
/** With six digits behind it a dni of this test is a mark. */
const mark = 'WITNESS-';

test('each of 100 answers leaves after the sync of the log that holds its agent', async (t) => {
  const shim = await compileDiskShim();
  t.after(() => shim.remove());
  const traceFile = join(shim.folder, 'trace');
  const server = await startServer({ env: shim.env({ traceFile, traceMark: mark }) });
  t.after(() => server.remove());
  const tokens = await createTokens(server, lanes);
  const agents: KnownAgent[] = [];
  let next = 0;
  await Promise.all(
    tokens.map((token) =>
      withConnection(server.port, async ({ send }) => {
        for (let number = next++; number < creates; number = next++) {
          const dni = `${mark}${String(number).padStart(6, '0')}`;
          agents.push(readCreated(await send(createRequest(token, dni)), dni));
        }
      }),
    ),
  );
  assert.equal(await server.stop(), 0);

  const trace = readTrace(await readFile(traceFile, 'utf8'));
  const walSyncs = trace.events.filter(({ kind, path }) => kind === 'sync' && path.endsWith('roster.db-wal')).length;
  t.diagnostic(`${trace.answers.size} answers, ${walSyncs} syncs of the log`);
  assert.equal(agents.length, creates);
  assert.equal(trace.answers.size, creates, 'the witness saw every answer');
  assert.ok(walSyncs > 0, 'the witness saw the log synced');
  assert.deepEqual(findUnproven(trace, agents), []);

  // The same proof must fail on a trace that proves nothing.
  const withoutSyncs = trace.events.filter(({ kind }) => kind !== 'sync');
  assert.equal(findUnproven({ ...trace, events: withoutSyncs }, agents).length, creates, 'without a sync');
  assert.equal(findUnproven(delaySyncs(trace), agents).length, creates, 'with every sync after its answers');
});

/** The trace as it would be if answers did not wait for the disk. */
function delaySyncs(trace: Trace): Trace {
  const last = Math.max(...trace.answers.values());
  const events = trace.events.map((event) =>
    event.kind === 'sync' ? { ...event, begin: last + event.begin, end: last + event.end } : event,
  );
  return { ...trace, events };
}
