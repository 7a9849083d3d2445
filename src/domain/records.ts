/** What is kept, as the domain sees it. Times are milliseconds since 1970-01-01 UTC. */

export interface OperationRecord {
  /** The operation's code: 1–16 of `0-9a-z`. */
  operationId: string;
  name: string;
  /** IANA time zone; the day of daily limits ends at its midnight. */
  timeZone: string;
  unknownFields: 'ignore' | 'refuse';
  assignedPasswordLength: number;
  createdAt: number;
}

export interface AgentRecord {
  operationId: string;
  /** Numeric, from 10000; text at every door. */
  agentId: number;
  dni: string;
  name: string;
  sso: string | null;
  enabled: boolean;
  createdAt: number;
  updatedAt: number;
  lastSignInAt: number | null;
}

export type PasswordKind = 'assigned' | 'chosen';

/** An agent as it is written: with what proves its password. */
export interface NewAgent {
  dni: string;
  name: string;
  sso: string | null;
  ssoNormalized: string | null;
  passwordKind: PasswordKind;
  passwordVerifier: string;
}

export const tokenScopes = ['agents:create', 'agents:write', 'agents:read'] as const;
export type TokenScope = (typeof tokenScopes)[number];

export interface TokenRecord {
  operationId: string;
  tokenId: string;
  secretHash: string;
  description: string;
  scopes: readonly TokenScope[];
  /** Requests at once, 1–64. */
  simultaneousLimit: number;
  /** Uses a day in the operation's time zone; null: no limit. */
  dailyLimit: number | null;
  expiresAt: number | null;
  /** CIDR blocks the token may be used from; empty: from anywhere. */
  allowedNetworks: readonly string[];
  createdAt: number;
  revokedAt: number | null;
  /** The token this one replaces, when it came from a rotation. */
  rotatedFrom: string | null;
  lastUsedAt: number | null;
}

export interface IdempotencyRecord {
  operationId: string;
  recordId: string;
  tokenId: string;
  requestMac: string;
  sealedPassword: string;
  agentId: number;
  expiresAt: number;
}

export type AuditOutcome = 'success' | 'refused';

/** An event before it has its place in the chain. */
export interface NewAuditEvent {
  occurredAt: number;
  /** Who: `token:…`, `administrator:…` or `system`. */
  actor: string;
  /** What, as `subject.verb`: `agent.created`. */
  action: string;
  /** To whom or what: an agent id, a token id, an operation's code. */
  subject: string;
  outcome: AuditOutcome;
  requestId: string;
  /** The address the request came from; empty where there was none. */
  address: string;
  /** Facts of the event; never a secret, never personal data beyond ids. */
  details: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

export interface AuditEvent extends Omit<NewAuditEvent, 'details'> {
  operationId: string;
  /** 1, 2, 3, … within the operation, without a gap. */
  seq: number;
  /** The details as the JSON text that was chained. */
  details: string;
  /** HMAC of this event and the hash before it, hexadecimal. */
  hash: string;
}
