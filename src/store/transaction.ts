/** The repositories over one connection: what the domain calls a transaction, and the reads alone. */
import type { Transaction } from '../domain/repositories.ts';
import { createAgents } from './agents.ts';
import { createAudit, createCounters } from './audit.ts';
import { createIdempotency } from './idempotency.ts';
import { createOperations } from './operations.ts';
import type { Connection } from './schema.ts';
import { createTokens } from './tokens.ts';
import { createUsage } from './usage.ts';
import { createWords } from './words.ts';

export function createTransaction(connection: Connection, auditKey: Transaction['auditKey']): Transaction {
  return {
    agents: createAgents(connection),
    words: createWords(connection),
    operations: createOperations(connection),
    tokens: createTokens(connection),
    usage: createUsage(connection),
    idempotency: createIdempotency(connection),
    audit: createAudit(connection),
    counters: createCounters(connection),
    auditKey,
  };
}
