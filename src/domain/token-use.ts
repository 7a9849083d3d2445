/** What every request by a token goes through before its work: a place of simultaneous use, and one use of its day. */
import type { Context } from './context.ts';
import { DomainError } from './errors.ts';
import { requirePermission } from './principal.ts';
import type { OperationRecord, TokenRecord, TokenScope } from './records.ts';

/** When a refused request may find a place, in seconds. */
const busyRetryAfter = 1;

/** Throws `permission_denied` when the token lacks the scope; the refusal is counted for the audit trail. */
export function requireScope(ctx: Context, token: TokenRecord, scope: TokenScope): void {
  try {
    requirePermission(ctx.principal, scope, ctx.operationId);
  } catch (error) {
    ctx.services.refusals.count(token, 'scope', ctx.address);
    ctx.services.metrics.count('token_refused', 'scope');
    throw error;
  }
}

/**
 * Runs the work in one of the token's places, and counts one use. The place is free when the promise settles, whatever
 * became of the work. Throws `token_busy`, `daily_limit_reached`, and what the work throws.
 */
export async function withTokenUse<Result>(
  ctx: Context,
  operation: OperationRecord,
  token: TokenRecord,
  work: () => Promise<Result>,
): Promise<Result> {
  const { places, usage, refusals, metrics } = ctx.services;
  const limit = token.simultaneousLimit;
  const place = places.take(token.operationId, token.tokenId, limit);
  if (place === undefined) {
    metrics.count('token_refused', 'busy');
    throw new DomainError('token_busy', { limit, retryAfter: busyRetryAfter });
  }
  try {
    await usage.consume(operation, token);
    return await work();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'daily_limit_reached') {
      refusals.count(token, 'allowance', ctx.address);
      metrics.count('token_refused', 'allowance');
    }
    throw error;
  } finally {
    place.release();
  }
}
