/** The tables as the queries see them. Their making stands in `migrations/`. Times are milliseconds since 1970 UTC. */
import type { Kysely } from 'kysely';

export interface OperationRow {
  operation_id: string;
  name: string;
  time_zone: string;
  unknown_fields: 'ignore' | 'refuse';
  assigned_password_length: number;
  created_at: number;
}

export interface CounterRow {
  operation_id: string;
  next_agent_id: number;
  audit_seq: number;
  audit_hash: string;
  /** The last event trimmed, and its hash: the chain goes on from there. */
  audit_base_seq: number;
  audit_base_hash: string;
  /** Agents up to this id have their words written. */
  words_until: number;
}

export interface AgentRow {
  operation_id: string;
  agent_id: number;
  dni: string;
  name: string;
  sso: string | null;
  sso_normalized: string | null;
  enabled: number;
  password_kind: 'assigned' | 'chosen';
  password_verifier: string;
  created_at: number;
  updated_at: number;
  last_sign_in_at: number | null;
}

export interface AgentWordRow {
  operation_id: string;
  word: string;
  agent_id: number;
}

export interface TokenRow {
  operation_id: string;
  token_id: string;
  secret_hash: string;
  description: string;
  /** Separated by blanks. */
  scopes: string;
  simultaneous_limit: number;
  daily_limit: number | null;
  expires_at: number | null;
  /** Separated by blanks. */
  allowed_networks: string;
  created_at: number;
  revoked_at: number | null;
  rotated_from: string | null;
  last_used_at: number | null;
}

export interface TokenUsageRow {
  operation_id: string;
  token_id: string;
  day: string;
  uses: number;
}

export interface IdempotencyRow {
  operation_id: string;
  record_id: string;
  token_id: string;
  request_mac: string;
  sealed_password: string;
  agent_id: number;
  expires_at: number;
}

export interface AuditRow {
  operation_id: string;
  seq: number;
  occurred_at: number;
  actor: string;
  action: string;
  subject: string;
  outcome: 'success' | 'refused';
  request_id: string;
  address: string;
  details: string;
  hash: string;
}

export interface Database {
  migrations: { version: number; name: string; applied_at: number };
  installation: { name: string; value: string };
  operations: OperationRow;
  counters: CounterRow;
  agents: AgentRow;
  agent_words: AgentWordRow;
  tokens: TokenRow;
  token_usage: TokenUsageRow;
  idempotency_records: IdempotencyRow;
  audit_events: AuditRow;
}

export type SqlValue = string | number | null;

/**
 * A connection as the repositories see it: a query builder, and prepared text for the few statements that every request
 * runs. Text takes `?` for its parameters.
 */
export interface Connection {
  readonly query: Kysely<Database>;
  /** Rows of a statement that gives rows. */
  all<Row>(text: string, parameters: readonly SqlValue[]): Promise<Row[]>;
  /** Number of rows that a statement changed. */
  run(text: string, parameters: readonly SqlValue[]): Promise<number>;
}
