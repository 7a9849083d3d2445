/** From anything thrown to what a dialect prints. */
import { DomainError, type ErrorFacts } from '../domain/errors.ts';
import { DoorError, type FailureCode, statuses } from './status.ts';

export interface Failure {
  code: FailureCode;
  status: number;
  facts: ErrorFacts;
  /** For the log, never for the caller. */
  reason: string;
  /** The method that would have been right (`method_wrong`). */
  method?: string;
}

/** Whatever is not of the closed lists is `unexpected`, unless the HTTP library itself blames the request. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof DomainError) return failureOf(error.code, error.message, error.facts);
  if (error instanceof DoorError) {
    const { code, message, method } = error;
    return { ...failureOf(code, message), ...(method === undefined ? {} : { method }) };
  }
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failureOf(isBlamedOnRequest(error) ? 'http_malformed' : 'unexpected', reason);
}

function failureOf(code: FailureCode, reason: string, facts: ErrorFacts = {}): Failure {
  return { code, status: statuses[code], facts, reason };
}

function isBlamedOnRequest(error: unknown): boolean {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return false;
  const { statusCode, code } = error;
  return typeof statusCode === 'number' && statusCode < 500 && String(code).startsWith('FST_');
}
