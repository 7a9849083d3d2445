/**
 * Creates that can be repeated without loss. A repeat of the same request by the same token under the same key within
 * 24 hours gets the first answer again. What is kept of it opens only with that token and that key: both go into every
 * key used here, and neither is stored.
 */
import { createHmac } from 'node:crypto';
import type { IdempotencyClaim } from './agent-transactions.ts';
import type { NewAgentFields } from './agent-fields.ts';
import { type Context, originOf } from './context.ts';
import { DomainError } from './errors.ts';
import type { IdempotencyRecord } from './records.ts';

/** How long an answer is kept, in milliseconds. */
export const idempotencyLifetime = 24 * 3_600_000;
/** When to repeat a request whose first is still running, in seconds. */
const runningRetryAfter = 1;

export interface IdempotentRequest {
  recordId: string;
  requestMac: string;
  sealKey: Uint8Array;
}

/** The header's value, or undefined when it is not 1–255 visible ASCII characters. */
export function readIdempotencyKey(header: string): string | undefined {
  return /^[\u0021-\u007E]{1,255}$/.test(header) ? header : undefined;
}

/** Derives what a request under a key is known by, from the token's text, the key and the fields as parsed. */
export function deriveIdempotentRequest(tokenText: string, key: string, fields: NewAgentFields): IdempotentRequest {
  const base = createHmac('sha256', tokenText).update('roster idempotency 1\n').update(key).digest();
  const requestKey = createHmac('sha256', base).update('request').digest();
  const request = JSON.stringify([fields.dni, fields.name, fields.sso, fields.password]);
  return {
    recordId: createHmac('sha256', base).update('record').digest('hex'),
    requestMac: createHmac('sha256', requestKey).update(request).digest('hex'),
    sealKey: createHmac('sha256', base).update('seal').digest(),
  };
}

export interface FirstAnswer {
  agentId: string;
  password: string;
}

/**
 * Looks for what an earlier request under this key left: the first answer, with the event that it was shown again; or
 * undefined, and then this request is the first and holds the key until `releaseKey`. Throws `idempotency_running` or
 * `idempotency_mismatch`.
 */
export async function claimKey(ctx: Context, request: IdempotentRequest): Promise<FirstAnswer | undefined> {
  const { store, clock, runningKeys } = ctx.services;
  const first = await store.read.idempotency.find(ctx.operationId, request.recordId, clock.now());
  if (first !== undefined) return replay(ctx, request, first);
  const running = runningKeys.get(request.recordId);
  if (running !== undefined && running !== request.requestMac) throw new DomainError('idempotency_mismatch');
  if (running !== undefined) throw new DomainError('idempotency_running', { retryAfter: runningRetryAfter });
  runningKeys.set(request.recordId, request.requestMac);
  return undefined;
}

/** Lets go of a key that `claimKey` gave to this request. */
export function releaseKey(ctx: Context, request: IdempotentRequest): void {
  ctx.services.runningKeys.delete(request.recordId);
}

/** What the creating transaction keeps beside the agent. */
export function describeClaim(ctx: Context, request: IdempotentRequest, password: string): IdempotencyClaim {
  const { sealer, clock } = ctx.services;
  return {
    recordId: request.recordId,
    tokenId: ctx.principal.kind === 'token' ? ctx.principal.token.tokenId : '',
    requestMac: request.requestMac,
    sealedPassword: sealer.seal(request.sealKey, password, request.recordId),
    expiresAt: clock.now() + idempotencyLifetime,
  };
}

/** Opens the first answer and records that its secret was shown again. Throws `idempotency_mismatch`. */
export async function replay(ctx: Context, request: IdempotentRequest, first: IdempotencyRecord): Promise<FirstAnswer> {
  if (first.requestMac !== request.requestMac) throw new DomainError('idempotency_mismatch');
  const password = ctx.services.sealer.open(request.sealKey, first.sealedPassword, request.recordId);
  if (password === undefined) throw new DomainError('unexpected', {}, 'a kept answer does not open');
  const agentId = String(first.agentId);
  const event = {
    ...originOf(ctx),
    action: 'agent.secret_shown',
    subject: agentId,
    outcome: 'success',
    details: { replay: true },
  } as const;
  await ctx.services.store.transact('recordEvents', { operationId: ctx.operationId, events: [event] });
  ctx.services.metrics.count('idempotent_replay', 'shown');
  return { agentId, password };
}
