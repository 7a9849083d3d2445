/**
 * The store's two doors: reads, and the named transactions. A transaction is a value (a name and its input), not a
 * closure: so it can be carried to the thread that writes, where concurrent ones share a commit.
 */
import { applyCreateAgent, applyEditAgent, applySetAgentEnabled } from './agent-transactions.ts';
import { applyIndexAgents } from './agent-words.ts';
import { applyAddOperation, applyEditOperation, applyRecordEvents } from './operation-transactions.ts';
import type { Reads } from './repositories.ts';
import { applyTrim } from './retention-transactions.ts';
import {
  applyConsumeDailyUse,
  applyCreateToken,
  applyRecordUses,
  applyRevokeToken,
  applyRotateToken,
} from './token-transactions.ts';

/** Every change there is. */
export const transactions = {
  createAgent: applyCreateAgent,
  editAgent: applyEditAgent,
  setAgentEnabled: applySetAgentEnabled,
  createToken: applyCreateToken,
  rotateToken: applyRotateToken,
  revokeToken: applyRevokeToken,
  recordUses: applyRecordUses,
  consumeDailyUse: applyConsumeDailyUse,
  addOperation: applyAddOperation,
  editOperation: applyEditOperation,
  recordEvents: applyRecordEvents,
  trim: applyTrim,
  indexAgents: applyIndexAgents,
} as const;

export type TransactionName = keyof typeof transactions;
export type TransactionInput<Name extends TransactionName> = Parameters<(typeof transactions)[Name]>[1];
export type TransactionResult<Name extends TransactionName> = Awaited<ReturnType<(typeof transactions)[Name]>>;

export interface Store {
  readonly read: Reads;
  /**
   * Runs one transaction: all of it or nothing. Settles when its commit is on disk. Throws what its body throws (a
   * `DomainError`), or `unavailable` when the database could not do it.
   */
  transact<Name extends TransactionName>(name: Name, input: TransactionInput<Name>): Promise<TransactionResult<Name>>;
}
