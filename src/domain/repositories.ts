/**
 * The ports of the store: what can be asked and changed, a table each. Every function names its operation first, so
 * that a store sharded by operation always knows where to go. `find` gives one or undefined, `list` a page.
 */
import type { KeyObject } from 'node:crypto';
import type {
  AgentRecord,
  AuditEvent,
  IdempotencyRecord,
  NewAgent,
  OperationRecord,
  PasswordKind,
  TokenRecord,
} from './records.ts';

export interface AgentReads {
  find(operationId: string, agentId: number): Promise<AgentRecord | undefined>;
  findByDni(operationId: string, dni: string): Promise<AgentRecord | undefined>;
  findBySso(operationId: string, ssoNormalized: string): Promise<AgentRecord | undefined>;
  /** A page in the order of ids, of those after `after`. */
  list(operationId: string, page: { after: number; limit: number }): Promise<AgentRecord[]>;
  /** Those of these ids that there are, in the order of ids. */
  listByIds(operationId: string, agentIds: readonly number[]): Promise<AgentRecord[]>;
  count(operationId: string): Promise<number>;
}

/** The words by which agents are found. */
export interface WordReads {
  /** How many agents have a word that begins so; counted up to `limit`. */
  countAgents(operationId: string, prefix: string, limit: number): Promise<number>;
  /** Ids of agents that have a word that begins so, at most `limit`, in the order of the words. */
  listAgentIds(operationId: string, prefix: string, limit: number): Promise<number[]>;
  /** Agents up to this id have their words written. */
  findUntil(operationId: string): Promise<number>;
}

export interface WordWrites extends WordReads {
  insert(operationId: string, agentId: number, words: readonly string[]): Promise<void>;
  delete(operationId: string, agentId: number, words: readonly string[]): Promise<void>;
  setUntil(operationId: string, agentId: number): Promise<void>;
}

export interface AgentPatch {
  dni?: string;
  name?: string;
  sso?: string | null;
  ssoNormalized?: string | null;
  passwordKind?: PasswordKind;
  passwordVerifier?: string;
  enabled?: boolean;
}

export interface AgentWrites extends AgentReads {
  /** False when another agent of the operation has this dni or sso: nothing was written. */
  insert(operationId: string, agentId: number, agent: NewAgent, at: number): Promise<boolean>;
  update(operationId: string, agentId: number, patch: AgentPatch, at: number): Promise<void>;
}

export interface OperationReads {
  find(operationId: string): Promise<OperationRecord | undefined>;
  list(): Promise<OperationRecord[]>;
}

export type OperationPatch = Partial<
  Pick<OperationRecord, 'name' | 'timeZone' | 'unknownFields' | 'assignedPasswordLength'>
>;

export interface OperationWrites extends OperationReads {
  /** False when the code is taken. Also makes the operation's counters. */
  insert(operation: OperationRecord): Promise<boolean>;
  update(operationId: string, patch: OperationPatch): Promise<void>;
}

export interface TokenReads {
  find(operationId: string, tokenId: string): Promise<TokenRecord | undefined>;
  list(operationId: string): Promise<TokenRecord[]>;
}

export interface TokenWrites extends TokenReads {
  insert(token: TokenRecord): Promise<void>;
  setExpiry(operationId: string, tokenId: string, expiresAt: number): Promise<void>;
  setRevoked(operationId: string, tokenId: string, revokedAt: number): Promise<void>;
  setLastUsed(operationId: string, tokenId: string, lastUsedAt: number): Promise<void>;
}

export interface UsageReads {
  /** Uses of each token of the operation on a day (`YYYY-MM-DD`). */
  listForDay(operationId: string, day: string): Promise<{ tokenId: string; uses: number }[]>;
}

export interface UsageWrites extends UsageReads {
  add(operationId: string, tokenId: string, day: string, uses: number): Promise<void>;
  /** Adds one use unless `limit` is reached; says whether it did. */
  addWithin(operationId: string, tokenId: string, day: string, limit: number): Promise<boolean>;
  /** Forgets the days before one (`YYYY-MM-DD`). */
  deleteBefore(operationId: string, day: string): Promise<void>;
}

export interface IdempotencyReads {
  /** The record of this id that has not ended by `now`. */
  find(operationId: string, recordId: string, now: number): Promise<IdempotencyRecord | undefined>;
}

export interface IdempotencyWrites extends IdempotencyReads {
  /** Replaces an ended record of the same id; false when a living one is there. */
  insert(record: IdempotencyRecord, now: number): Promise<boolean>;
  /** Removes at most `limit` records that have ended; says how many. */
  deleteEnded(operationId: string, now: number, limit: number): Promise<number>;
}

/** The end of an operation's audit chain. */
export interface AuditHead {
  seq: number;
  hash: string;
}

export interface AuditReads {
  /** Events with `seq` above `after`, in order. */
  list(operationId: string, page: { after: number; limit: number }): Promise<AuditEvent[]>;
  /** The newest events first. */
  listNewest(operationId: string, page: { before: number | null; limit: number }): Promise<AuditEvent[]>;
  /** The head as the operation's counters keep it. */
  findHead(operationId: string): Promise<AuditHead | undefined>;
  /** The last event that was trimmed by rule; `seq` 0 where none was. */
  findBase(operationId: string): Promise<AuditHead | undefined>;
}

export interface AuditWrites extends AuditReads {
  insert(event: AuditEvent): Promise<void>;
  /** Removes the events up to this one, which becomes the base of the chain. */
  trim(operationId: string, base: AuditHead): Promise<void>;
}

export interface Counters {
  agentId: number;
  auditSeq: number;
  auditHash: string;
}

export interface CounterWrites {
  /**
   * Takes the next agent ids and places in the audit chain and holds the operation's row until the transaction ends.
   * Gives the first of each; undefined when there is no such operation.
   */
  take(operationId: string, wanted: { agentIds: number; auditEvents: number }): Promise<Counters | undefined>;
  setAuditHash(operationId: string, hash: string): Promise<void>;
}

/** What can be asked outside a transaction. */
export interface Reads {
  readonly agents: AgentReads;
  readonly words: WordReads;
  readonly operations: OperationReads;
  readonly tokens: TokenReads;
  readonly usage: UsageReads;
  readonly idempotency: IdempotencyReads;
  readonly audit: AuditReads;
}

/** A store inside a transaction: the same, and what changes it. */
export interface Transaction extends Reads {
  readonly agents: AgentWrites;
  readonly words: WordWrites;
  readonly operations: OperationWrites;
  readonly tokens: TokenWrites;
  readonly usage: UsageWrites;
  readonly idempotency: IdempotencyWrites;
  readonly audit: AuditWrites;
  readonly counters: CounterWrites;
  /** The key of an operation's audit chain. */
  auditKey(operationId: string): KeyObject;
}
