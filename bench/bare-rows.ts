/**
 * The bare rows: the server's schema, its rows and its settings of the database, written by one thread that does nothing
 * else, some rows a commit. No program that keeps these rows in this database can be faster.
 */
import { deriveAuditKeys, genesisHash, hashAuditEvent } from '../src/domain/audit-chain.ts';
import { openSqliteFile } from '../src/store/sqlite-connection.ts';
import type { MeasurementTime } from './measurement.ts';
import { announceMeasuring, printResult, readTask } from './program.ts';
import { makeCreate, nameCreate } from './row.ts';
import { makeStore, operationId } from './store-folder.ts';

export interface BareRowsTask extends MeasurementTime {
  rowsPerCommit: number;
}

export interface BareRowsResult {
  perSecond: number;
}

const firstAgentId = 10_000;
/** As many as the server's tokens, so that the same number of places in every index are written to. */
const writers = 64;
const { rowsPerCommit, warmUpSeconds, seconds } = readTask<BareRowsTask>();
const { file, auditRoot, store, remove } = await makeStore();
await store.close();
const database = openSqliteFile(file, { readonly: false, cacheMegabytes: 64 });
const insertAgent = database.prepare(`insert into agents (operation_id, agent_id, dni, name, sso, sso_normalized,
  enabled, password_kind, password_verifier, created_at, updated_at) values (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)`);
const insertEvent = database.prepare(`insert into audit_events (operation_id, seq, actor, occurred_at, action, subject,
  outcome, request_id, address, details, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
const setCounters = database.prepare(
  `update counters set next_agent_id = ?, audit_seq = ?, audit_hash = ? where operation_id = ?`,
);
const auditKey = deriveAuditKeys(auditRoot)(operationId);
let written = 0;
let auditHash = genesisHash;

function writeCreate(): void {
  const agentId = firstAgentId + written;
  // The first event tells of the operation.
  const seq = written + 2;
  written += 1;
  const { agent, origin } = makeCreate(nameCreate(written % writers, written));
  const { occurredAt, actor, requestId, address } = origin;
  const { dni, name, sso, ssoNormalized, passwordKind, passwordVerifier } = agent;
  const facts = { action: 'agent.created', subject: String(agentId), outcome: 'success' } as const;
  const details = JSON.stringify({ password: passwordKind, sso: true, secret_shown: true });
  auditHash = hashAuditEvent(auditKey, { ...origin, ...facts, operationId, seq, details }, auditHash);
  const values = [dni, name, sso, ssoNormalized, passwordKind, passwordVerifier, occurredAt, occurredAt];
  insertAgent.run(operationId, agentId, ...values);
  const { action, subject, outcome } = facts;
  const event = [occurredAt, action, subject, outcome, requestId, address, details, auditHash];
  insertEvent.run(operationId, seq, actor, ...event);
}

const commitRows = database.transaction(() => {
  for (let row = 0; row < rowsPerCommit; row += 1) writeCreate();
  setCounters.run(firstAgentId + written, written + 1, auditHash, operationId);
}).immediate;

function run(forSeconds: number): BareRowsResult {
  const start = performance.now();
  const before = written;
  while (performance.now() < start + forSeconds * 1000) commitRows();
  return { perSecond: ((written - before) * 1000) / (performance.now() - start) };
}

run(warmUpSeconds);
announceMeasuring();
printResult(run(seconds));
database.close();
await remove();
