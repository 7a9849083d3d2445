/** Who asks, and what they may do. */
import { DomainError } from './errors.ts';
import type { TokenRecord, TokenScope } from './records.ts';

export type Principal =
  | { kind: 'token'; token: TokenRecord }
  | { kind: 'administrator'; name: string }
  | { kind: 'system' };

/** Permissions beyond the token scopes belong to administrators alone. */
export type Permission = TokenScope | 'installation:manage';

/** How a principal stands in the audit trail. */
export function actorOf(principal: Principal): string {
  if (principal.kind === 'token') return `token:${principal.token.tokenId}`;
  if (principal.kind === 'administrator') return `administrator:${principal.name}`;
  return 'system';
}

/**
 * Refuses a principal that may not do this in this operation. Throws `permission_denied`: a token lacks the scope, or
 * belongs to another operation.
 */
export function requirePermission(principal: Principal, permission: Permission, operationId?: string): void {
  if (principal.kind !== 'token') return;
  const { token } = principal;
  if (permission === 'installation:manage' || !token.scopes.includes(permission)) {
    throw new DomainError('permission_denied', {}, `token lacks ${permission}`);
  }
  if (operationId !== undefined && token.operationId !== operationId) {
    throw new DomainError('permission_denied', {}, 'token of another operation');
  }
}
