/** The one table from what went wrong to an HTTP status. */
import type { ErrorCode } from '../domain/errors.ts';

/** What can be wrong with a request before any room sees it. */
export const doorErrorCodes = [
  'http_malformed',
  'url_too_large',
  'headers_too_large',
  'route_unknown',
  'method_wrong',
] as const;
export type DoorErrorCode = (typeof doorErrorCodes)[number];

export type FailureCode = ErrorCode | DoorErrorCode;

export const statuses: Readonly<Record<FailureCode, number>> = {
  token_missing: 401,
  token_invalid: 403,
  permission_denied: 403,
  token_busy: 403,
  daily_limit_reached: 403,
  body_too_large: 413,
  body_invalid: 400,
  fields_missing: 400,
  fields_invalid: 400,
  agent_unknown: 404,
  agent_conflict: 409,
  operation_unknown: 404,
  operation_conflict: 409,
  token_unknown: 404,
  idempotency_running: 409,
  idempotency_mismatch: 422,
  request_too_slow: 408,
  unavailable: 503,
  unexpected: 500,
  http_malformed: 400,
  url_too_large: 414,
  headers_too_large: 431,
  route_unknown: 404,
  method_wrong: 405,
};

/** A request that does not get past the door. */
export class DoorError extends Error {
  override readonly name = 'DoorError';
  readonly code: DoorErrorCode;
  /** The method that would have been right (`method_wrong`). */
  readonly method: string | undefined;

  constructor(code: DoorErrorCode, message: string = code, method?: string) {
    super(message);
    this.code = code;
    this.method = method;
  }
}
