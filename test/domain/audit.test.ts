/** The audit trail against whoever has the database: what verification finds, and what only an earlier head shows. */
import assert from 'node:assert/strict';
import Sqlite from 'better-sqlite3';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { callApi, newDni, paths } from '../support/ask.ts';
import { runCommand } from '../support/cli.ts';
import { makeDataDir, startServer } from '../support/server.ts';

let original: string;
let head: string;

before(async () => {
  const server = await startServer();
  for (let index = 0; index < 10; index += 1) {
    await callApi(server.port, server.token, paths.create, { agent_dni: newDni(), agent_name: 'Ana' });
  }
  await server.stop();
  original = server.dataDir;
  head = (await runCommand(original, ['audit', 'head'])).out.trim();
});
after(() => rm(original, { recursive: true, force: true }));

interface Tampering {
  name: string;
  sql: string;
  /** What `audit verify` says; with the earlier head when `withHead`. */
  fault: RegExp;
  withHead?: boolean;
}

const last = '(select max(seq) from audit_events)';
const tamperings: Tampering[] = [
  {
    name: 'an edited row',
    sql: `update audit_events set subject = '10009' where seq = 4`,
    fault: /^FAULT: event 4 does not fit the chain: it was edited, or moved\.\nThe chain holds up to event 3\.\n$/,
  },
  {
    name: 'an edited time',
    sql: `update audit_events set occurred_at = occurred_at - 1 where seq = 1`,
    fault: /^FAULT: event 1 does not fit/,
  },
  {
    name: 'edited details',
    sql: `update audit_events set details = '{}' where seq = 5`,
    fault: /^FAULT: event 5 does not fit/,
  },
  {
    name: 'a removed row',
    sql: `delete from audit_events where seq = 6`,
    fault: /^FAULT: event 6 is missing: it was removed, or moved/,
  },
  { name: 'a removed first row', sql: `delete from audit_events where seq = 1`, fault: /^FAULT: event 1 is missing/ },
  {
    name: 'two rows exchanged',
    sql: `update audit_events set seq = -1 where seq = 3; update audit_events set seq = 3 where seq = 4; update audit_events set seq = 4 where seq = -1`,
    fault: /^FAULT: event 3 does not fit/,
  },
  {
    name: 'a removed row, the rest moved up',
    sql: `delete from audit_events where seq = 3; update audit_events set seq = -seq where seq > 3; update audit_events set seq = -seq - 1 where seq < 0`,
    fault: /^FAULT: event 3 does not fit/,
  },
  {
    name: 'an inserted row',
    sql: `insert into audit_events select operation_id, ${last} + 1, occurred_at, actor, action, subject, outcome, request_id, address, details, hash from audit_events where seq = 5`,
    fault: /^FAULT: event 13 does not fit/,
  },
  {
    name: 'a cut tail',
    sql: `delete from audit_events where seq = ${last}`,
    fault: /^FAULT: events from 12 on are known to have been there, and are gone\./,
  },
  {
    name: 'a cut tail with its counters, against an earlier head',
    withHead: true,
    sql: `delete from audit_events where seq = ${last}; update counters set audit_seq = audit_seq - 1, audit_hash = (select hash from audit_events where seq = ${last})`,
    fault: /^FAULT: events from 12 on are known to have been there, and are gone\./,
  },
];

for (const { name, sql, fault, withHead = false } of tamperings) {
  test(`${name} is found`, async () => {
    const dataDir = await makeDataDir();
    await cp(original, dataDir, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    const database = new Sqlite(join(dataDir, 'roster.db'));
    database.exec(sql);
    database.close();
    const result = await runCommand(dataDir, ['audit', 'verify', ...(withHead ? ['--head', head] : [])]);
    await rm(dataDir, { recursive: true, force: true });
    assert.equal(result.code, 3, result.out + result.err);
    assert.match(result.out, fault);
  });
}

test('an untouched chain holds, and it is said what that does not prove', async () => {
  const alone = await runCommand(original, ['audit', 'verify']);
  assert.equal(alone.code, 0);
  assert.match(
    alone.out,
    /^The chain holds: 12 events, none edited, removed or reordered\.\nHead: 12:[0-9a-f]{64}\nNot proved: that nothing was cut from the end/,
  );
  const verified = await runCommand(original, ['audit', 'verify', '--head', head]);
  assert.equal(verified.code, 0);
  assert.match(verified.out, /It passes through the head given: nothing up to event 12 was cut\./);
});
