/** The transactions on tokens and on what they use. */
import type { EventOrigin } from './agent-transactions.ts';
import { appendAuditEvents } from './audit-chain.ts';
import { DomainError } from './errors.ts';
import type { NewAuditEvent, TokenRecord } from './records.ts';
import type { Transaction } from './repositories.ts';

export interface CreateTokenInput {
  operationId: string;
  token: TokenRecord;
  origin: EventOrigin;
}

/** Throws `operation_unknown`. */
export async function applyCreateToken(
  tx: Transaction,
  { operationId, token, origin }: CreateTokenInput,
): Promise<void> {
  await appendAuditEvents(tx, operationId, [tokenEvent(origin, 'token.created', token)]);
  await tx.tokens.insert(token);
}

export interface RotateTokenInput {
  operationId: string;
  tokenId: string;
  /** The new token's id and secret; the rest is the old one's. */
  replacement: { tokenId: string; secretHash: string };
  /** When the old token ends, unless it ends earlier. */
  oldExpiresAt: number;
  origin: EventOrigin;
}

/** Gives the new token. Throws `token_unknown` when the old one is not there or can no longer be used,
 * `fields_invalid` when it was rotated before. */
export async function applyRotateToken(tx: Transaction, input: RotateTokenInput): Promise<TokenRecord> {
  const { operationId, tokenId, replacement, oldExpiresAt, origin } = input;
  const old = await tx.tokens.find(operationId, tokenId);
  if (old === undefined || !isTokenAlive(old, origin.occurredAt)) throw new DomainError('token_unknown');
  const successor = (await tx.tokens.list(operationId)).find(({ rotatedFrom }) => rotatedFrom === tokenId);
  if (successor !== undefined) {
    const problem = `was rotated already, into ${successor.tokenId}; rotate that one`;
    throw new DomainError('fields_invalid', { details: [{ field: 'token', problem }] });
  }
  const token: TokenRecord = {
    ...old,
    ...replacement,
    createdAt: origin.occurredAt,
    rotatedFrom: tokenId,
    lastUsedAt: null,
  };
  const rotated: NewAuditEvent = {
    ...origin,
    action: 'token.rotated',
    subject: tokenId,
    outcome: 'success',
    details: { replacement: token.tokenId },
  };
  await appendAuditEvents(tx, operationId, [rotated, tokenEvent(origin, 'token.created', token)]);
  await tx.tokens.setExpiry(operationId, tokenId, Math.min(oldExpiresAt, old.expiresAt ?? oldExpiresAt));
  await tx.tokens.insert(token);
  return token;
}

export interface RevokeTokenInput {
  operationId: string;
  tokenId: string;
  origin: EventOrigin;
}

/** Revokes for good; a revoked one stays as it is. Throws `token_unknown`. */
export async function applyRevokeToken(tx: Transaction, input: RevokeTokenInput): Promise<void> {
  const { operationId, tokenId, origin } = input;
  const token = await tx.tokens.find(operationId, tokenId);
  if (token === undefined) throw new DomainError('token_unknown');
  if (token.revokedAt !== null) return;
  await tx.tokens.setRevoked(operationId, tokenId, origin.occurredAt);
  await appendAuditEvents(tx, operationId, [
    { ...origin, action: 'token.revoked', subject: tokenId, outcome: 'success', details: {} },
  ]);
}

export interface RecordUsesInput {
  operationId: string;
  uses: readonly { tokenId: string; day: string; uses: number }[];
  lastUsed: readonly { tokenId: string; at: number }[];
}

/** Writes what was counted in memory. */
export async function applyRecordUses(
  tx: Transaction,
  { operationId, uses, lastUsed }: RecordUsesInput,
): Promise<void> {
  for (const use of uses) await tx.usage.add(operationId, use.tokenId, use.day, use.uses);
  for (const { tokenId, at } of lastUsed) await tx.tokens.setLastUsed(operationId, tokenId, at);
}

export interface ConsumeDailyUseInput {
  operationId: string;
  tokenId: string;
  day: string;
  limit: number;
}

/** Takes one use of a limited day; false when the limit is reached. */
export function applyConsumeDailyUse(tx: Transaction, input: ConsumeDailyUseInput): Promise<boolean> {
  return tx.usage.addWithin(input.operationId, input.tokenId, input.day, input.limit);
}

/** Whether a token can be used at this time. */
export function isTokenAlive(token: TokenRecord, now: number): boolean {
  return token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);
}

function tokenEvent(origin: EventOrigin, action: string, token: TokenRecord): NewAuditEvent {
  return {
    ...origin,
    action,
    subject: token.tokenId,
    outcome: 'success',
    details: { scopes: token.scopes, simultaneous_limit: token.simultaneousLimit, secret_shown: true },
  };
}
