/** From the text of a token to the principal who asks, or a refusal that tells nothing of why. */
import type { Services } from './context.ts';
import { DomainError } from './errors.ts';
import type { OperationRecord, TokenRecord } from './records.ts';
import type { RefusalReason } from './refusals.ts';
import { isTokenSecret, parseToken } from './token-text.ts';

/** The operation that a request's host names. */
export interface HostOperation {
  code: string;
  /** Whether the host names this operation even if there is none of the code. */
  certain: boolean;
}

export interface TokenRequest {
  /** The token's text as it was sent. */
  text: string | undefined;
  host: HostOperation | undefined;
  address: string;
}

/**
 * Gives the token and its operation. Throws `token_missing`; or `token_invalid` for an unknown, revoked, expired,
 * foreign or out-of-network token, in equal words. Refusals of a known token are counted for the audit trail.
 */
export async function authenticateToken(
  services: Services,
  { text, host, address }: TokenRequest,
): Promise<{ token: TokenRecord; operation: OperationRecord }> {
  if (text === undefined || text === '') throw new DomainError('token_missing');
  const { store, clock, networks, usage } = services;
  const parsed = parseToken(text);
  if (parsed === undefined) return refuse(services, 'malformed');
  const { operationId, tokenId, secret } = parsed;
  if (host !== undefined && host.code !== operationId) {
    if (host.certain || (await store.read.operations.find(host.code)) !== undefined) return refuse(services, 'foreign');
  }
  const token = await store.read.tokens.find(operationId, tokenId);
  const operation = await store.read.operations.find(operationId);
  if (token === undefined || operation === undefined || !isTokenSecret(secret, token.secretHash)) {
    return refuse(services, 'unknown');
  }
  const reason = findRefusal(token);
  if (reason !== undefined) {
    services.refusals.count(token, reason, address);
    return refuse(services, reason);
  }
  usage.touch(token);
  return { token, operation };

  function findRefusal(known: TokenRecord): RefusalReason | undefined {
    if (known.revokedAt !== null) return 'revoked';
    if (known.expiresAt !== null && known.expiresAt <= clock.now()) return 'expired';
    const allowed = known.allowedNetworks.length === 0 || networks.includes(known.allowedNetworks, address);
    return allowed ? undefined : 'network';
  }
}

function refuse(services: Services, label: string): never {
  services.metrics.count('token_refused', label);
  throw new DomainError('token_invalid', {}, `token refused: ${label}`);
}
