/**
 * Tokens and operations, remembered between changes: every request reads both, and each read of SQLite costs several
 * system calls. Only sound where one process owns the database: what it changes itself, it forgets first.
 */
import type { Reads } from '../domain/repositories.ts';
import type { TransactionName } from '../domain/store.ts';

/** Entries remembered of each kind; beyond them all are forgotten. */
const maxEntries = 20_000;

/** The transactions that change what is remembered. A token's last use is not part of what a request needs. */
const changing: ReadonlySet<TransactionName> = new Set([
  'createToken',
  'rotateToken',
  'revokeToken',
  'addOperation',
  'editOperation',
]);

export interface RememberedReads {
  read: Reads;
  /** To be called when a transaction has been committed, before anybody is told. */
  forget: (name: TransactionName) => void;
}

export function rememberReads(reads: Reads): RememberedReads {
  const tokens = new Map<string, Awaited<ReturnType<Reads['tokens']['find']>>>();
  const operations = new Map<string, Awaited<ReturnType<Reads['operations']['find']>>>();
  return {
    read: {
      ...reads,
      tokens: {
        ...reads.tokens,
        find: (operationId, tokenId) =>
          remember(tokens, `${operationId}_${tokenId}`, () => reads.tokens.find(operationId, tokenId)),
      },
      operations: {
        ...reads.operations,
        find: (operationId) => remember(operations, operationId, () => reads.operations.find(operationId)),
      },
    },
    forget(name) {
      if (!changing.has(name)) return;
      tokens.clear();
      operations.clear();
    },
  };
}

async function remember<Value>(known: Map<string, Value>, key: string, find: () => Promise<Value>): Promise<Value> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = await find();
  // What is not there is not remembered: guesses would push out what is used.
  if (value === undefined) return value;
  if (known.size >= maxEntries) known.clear();
  known.set(key, value);
  return value;
}
