/** What may be done with tokens. A token's text is shown once, when it is made. */
import { type Context, originOf } from './context.ts';
import { DomainError, type Problem } from './errors.ts';
import { requirePermission } from './principal.ts';
import { type TokenRecord, type TokenScope, tokenScopes } from './records.ts';
import { countCharacters, hasControlCharacter } from './text.ts';
import { drawToken } from './token-text.ts';

export const simultaneousRange = { min: 1, max: 64 } as const;
const maxDescription = 200;
const maxNetworks = 100;
/** How long a rotated token lives on unless asked otherwise, in seconds. */
export const defaultGrace = 24 * 3600;
const maxGrace = 90 * 24 * 3600;

export interface NewToken {
  description?: string | undefined;
  scopes?: readonly string[] | undefined;
  simultaneousLimit?: number | undefined;
  dailyLimit?: number | null | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  expiresAt?: number | null | undefined;
  allowedNetworks?: readonly string[] | undefined;
}

export interface ShownToken {
  token: TokenRecord;
  /** The token itself: shown now, never again. */
  text: string;
}

/** Makes a token. Throws `permission_denied`, `fields_invalid`, `operation_unknown`, `unavailable`. */
export async function createToken(ctx: Context, input: NewToken): Promise<ShownToken> {
  requirePermission(ctx.principal, 'installation:manage');
  const { operationId } = ctx;
  const { random, store, clock } = ctx.services;
  const problems = findTokenProblems(ctx, input);
  if (problems.length > 0) throw new DomainError('fields_invalid', { details: problems });
  const { tokenId, text, secretHash } = drawToken(random, operationId);
  const token: TokenRecord = {
    operationId,
    tokenId,
    secretHash,
    description: input.description ?? '',
    scopes: tokenScopes.filter((scope) => input.scopes?.includes(scope) ?? true),
    simultaneousLimit: input.simultaneousLimit ?? 1,
    dailyLimit: input.dailyLimit ?? null,
    expiresAt: input.expiresAt ?? null,
    allowedNetworks: input.allowedNetworks ?? [],
    createdAt: clock.now(),
    revokedAt: null,
    rotatedFrom: null,
    lastUsedAt: null,
  };
  await store.transact('createToken', { operationId, token, origin: originOf(ctx) });
  return { token, text };
}

/**
 * Replaces a token by a new one with the same settings. The old one lives on for `graceSeconds`, unless it ends earlier.
 * Throws `permission_denied`, `fields_invalid`, `token_unknown`, `unavailable`.
 */
export async function rotateToken(ctx: Context, tokenId: string, graceSeconds = defaultGrace): Promise<ShownToken> {
  requirePermission(ctx.principal, 'installation:manage');
  if (!Number.isInteger(graceSeconds) || graceSeconds < 0 || graceSeconds > maxGrace) {
    const problem = `must be a whole number of seconds from 0 to ${maxGrace}`;
    throw new DomainError('fields_invalid', { details: [{ field: 'grace_seconds', problem }] });
  }
  const { operationId } = ctx;
  const { text, ...replacement } = drawToken(ctx.services.random, operationId);
  const origin = originOf(ctx);
  const oldExpiresAt = origin.occurredAt + graceSeconds * 1000;
  const token = await ctx.services.store.transact('rotateToken', {
    operationId,
    tokenId,
    replacement,
    oldExpiresAt,
    origin,
  });
  return { token, text };
}

/** Revokes a token: its next request is refused. Throws `permission_denied`, `token_unknown`, `unavailable`. */
export async function revokeToken(ctx: Context, tokenId: string): Promise<void> {
  requirePermission(ctx.principal, 'installation:manage');
  const { operationId } = ctx;
  await ctx.services.store.transact('revokeToken', { operationId, tokenId, origin: originOf(ctx) });
}

/** The operation's tokens in the order they were made. Throws `permission_denied`. */
export async function listTokens(ctx: Context): Promise<TokenRecord[]> {
  requirePermission(ctx.principal, 'installation:manage');
  return ctx.services.store.read.tokens.list(ctx.operationId);
}

function findTokenProblems(ctx: Context, input: NewToken): Problem[] {
  const problems: Problem[] = [];
  const add = (field: string, problem: string): void => void problems.push({ field, problem });
  const { min, max } = simultaneousRange;
  const { description = '', scopes, simultaneousLimit = 1, dailyLimit, expiresAt, allowedNetworks = [] } = input;
  if (countCharacters(description) > maxDescription || hasControlCharacter(description)) {
    add('description', `must have at most ${maxDescription} characters and no control characters`);
  }
  for (const scope of scopes ?? []) {
    if (!tokenScopes.includes(scope as TokenScope)) {
      add('scopes', `knows no "${scope}"; the scopes are ${tokenScopes.join(', ')}`);
    }
  }
  if (!Number.isInteger(simultaneousLimit) || simultaneousLimit < min || simultaneousLimit > max) {
    add('simultaneous_limit', `must be a whole number from ${min} to ${max}`);
  }
  if (typeof dailyLimit === 'number' && !(Number.isInteger(dailyLimit) && dailyLimit >= 1 && dailyLimit <= 1e9)) {
    add('daily_limit', 'must be a whole number from 1 to 1000000000');
  }
  if (typeof expiresAt === 'number' && !(expiresAt > ctx.services.clock.now())) add('expires_at', 'must lie ahead');
  if (allowedNetworks.length > maxNetworks) add('allowed_networks', `must be at most ${maxNetworks}`);
  for (const block of allowedNetworks) {
    if (!ctx.services.networks.isBlock(block)) {
      add('allowed_networks', `"${block}" is neither an IP address nor a network such as 10.0.0.0/8`);
    }
  }
  return problems;
}
