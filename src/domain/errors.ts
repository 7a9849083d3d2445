/**
 * The closed list of what can go wrong, as the domain names it. Protocol rooms translate a code into their own
 * dialect (HTTP status, wording); nothing else in the program decides what a failure means.
 */

export const errorCodes = [
  'token_missing',
  'token_invalid',
  'permission_denied',
  'token_busy',
  'daily_limit_reached',
  'body_too_large',
  'body_invalid',
  'fields_missing',
  'fields_invalid',
  'agent_unknown',
  'agent_conflict',
  'operation_unknown',
  'operation_conflict',
  'token_unknown',
  'idempotency_running',
  'idempotency_mismatch',
  'request_too_slow',
  'unavailable',
  'unexpected',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One thing to mend: the field it concerns, and in plain English what is wrong with it. */
export interface Problem {
  field: string;
  problem: string;
  /** The agent that is in the way of a collision. */
  agent_id?: string;
}

export interface ErrorFacts {
  details?: readonly Problem[];
  /** Whole seconds after which asking again makes sense. */
  retryAfter?: number;
  /** The simultaneous limit that was reached (`token_busy`). */
  limit?: number;
}

/**
 * A failure the caller may be told about. Its `message` is for the log only and never holds a secret; the caller is
 * told the code's own wording, plus `details`.
 */
export class DomainError extends Error {
  override readonly name: string;
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, facts: ErrorFacts = {}, message: string = code, options?: ErrorOptions) {
    // What is foreseen needs no stack, and taking one is most of what a refusal costs.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'DomainError';
    this.code = code;
    this.facts = facts;
  }
}
