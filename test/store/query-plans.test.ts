/** Every statement that a request can cause finds its rows by an index: none reads a table that grows, none sorts. */
import assert from 'node:assert/strict';
import Sqlite from 'better-sqlite3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deriveAuditKeys } from '../../src/domain/audit-chain.ts';
import type { TokenRecord } from '../../src/domain/records.ts';
import type { Transaction } from '../../src/domain/repositories.ts';
import { createConnection } from '../../src/store/sqlite-connection.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { createTransaction } from '../../src/store/transaction.ts';

const operation = '0001';
const page = { after: 10_000, limit: 100 };
const token: TokenRecord = {
  operationId: operation,
  tokenId: 't',
  secretHash: '',
  description: '',
  scopes: [],
  simultaneousLimit: 1,
  dailyLimit: null,
  expiresAt: null,
  allowedNetworks: [],
  createdAt: 0,
  revokedAt: null,
  rotatedFrom: null,
  lastUsedAt: null,
};
const agent = {
  dni: '1',
  name: 'Ana',
  sso: 'a',
  ssoNormalized: 'a',
  passwordKind: 'assigned',
  passwordVerifier: '',
} as const;
const event = {
  operationId: operation,
  seq: 9,
  occurredAt: 0,
  actor: '',
  action: '',
  subject: '',
  outcome: 'success',
  requestId: '',
  address: '',
  details: '{}',
  hash: '',
} as const;
const record = {
  operationId: operation,
  recordId: 'r',
  tokenId: 't',
  requestMac: '',
  sealedPassword: '',
  agentId: 1,
  expiresAt: 9,
};

/** One call of every function of the ports, but for those that list a whole small table. */
const calls: readonly ((tx: Transaction) => Promise<unknown>)[] = [
  (tx) => tx.agents.find(operation, 10_000),
  (tx) => tx.agents.findByDni(operation, '1'),
  (tx) => tx.agents.findBySso(operation, 'a'),
  (tx) => tx.agents.list(operation, page),
  (tx) => tx.agents.listByIds(operation, [10_000, 10_001]),
  (tx) => tx.agents.count(operation),
  (tx) => tx.agents.insert(operation, 10_000, agent, 0),
  (tx) => tx.agents.update(operation, 10_000, { name: 'Eva', dni: '2', ssoNormalized: 'b', enabled: false }, 1),
  (tx) => tx.words.countAgents(operation, 'ana', 100),
  (tx) => tx.words.listAgentIds(operation, 'ana', 100),
  (tx) => tx.words.findUntil(operation),
  (tx) => tx.words.insert(operation, 10_000, ['ana']),
  (tx) => tx.words.delete(operation, 10_000, ['ana']),
  (tx) => tx.words.setUntil(operation, 10_000),
  (tx) => tx.operations.find(operation),
  (tx) => tx.operations.update(operation, { name: 'x' }),
  (tx) => tx.tokens.insert(token),
  (tx) => tx.tokens.find(operation, 't'),
  (tx) => tx.tokens.setExpiry(operation, 't', 1),
  (tx) => tx.tokens.setRevoked(operation, 't', 1),
  (tx) => tx.tokens.setLastUsed(operation, 't', 1),
  (tx) => tx.usage.add(operation, 't', '2026-01-01', 1),
  (tx) => tx.usage.addWithin(operation, 't', '2026-01-01', 9),
  (tx) => tx.usage.listForDay(operation, '2026-01-01'),
  (tx) => tx.usage.deleteBefore(operation, '2026-01-01'),
  (tx) => tx.idempotency.insert(record, 0),
  (tx) => tx.idempotency.find(operation, 'r', 0),
  (tx) => tx.idempotency.deleteEnded(operation, 0, 100),
  (tx) => tx.counters.take(operation, { agentIds: 1, auditEvents: 1 }),
  (tx) => tx.counters.setAuditHash(operation, ''),
  (tx) => tx.audit.insert(event),
  (tx) => tx.audit.list(operation, page),
  (tx) => tx.audit.listNewest(operation, { before: 9, limit: 10 }),
  (tx) => tx.audit.findHead(operation),
  (tx) => tx.audit.findBase(operation),
  (tx) => tx.audit.trim(operation, { seq: 1, hash: '' }),
];

test('every statement finds its rows by an index and none sorts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roster-plans-'));
  const file = join(folder, 'roster.db');
  const auditRoot = Buffer.alloc(32);
  const store = await openSqliteStore({ file, keyCheck: 'k', auditRoot, onDeath: assert.fail });
  await store.transact('addOperation', {
    operation: {
      operationId: operation,
      name: '',
      timeZone: 'UTC',
      unknownFields: 'ignore',
      assignedPasswordLength: 20,
      createdAt: 0,
    },
    origin: { occurredAt: 0, actor: '', requestId: '', address: '' },
  });
  await store.close();
  const statements: string[] = [];
  const database = new Sqlite(file, { verbose: (text) => void statements.push(String(text)) });
  const tx = createTransaction(createConnection(database), deriveAuditKeys(auditRoot));
  for (const call of calls) await call(tx);
  database.close();

  const plain = new Sqlite(file);
  const faults: string[] = [];
  for (const statement of new Set(statements)) {
    const steps = plain.prepare(`explain query plan ${statement}`).all() as { detail: string }[];
    // Of a subquery that has found its rows already, the rest reads them all, and may.
    const bad = steps.filter(({ detail }) => /^SCAN (?!found|\(subquery)|TEMP B-TREE/.test(detail));
    for (const { detail } of bad) faults.push(`${detail}: ${statement}`);
  }
  plain.close();
  await rm(folder, { recursive: true });
  assert.ok(statements.length >= calls.length, `${statements.length} statements`);
  assert.deepEqual(faults, []);
});
