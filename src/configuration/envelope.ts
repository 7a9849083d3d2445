/** The envelope of the configuration API: `{"code", "error", "msg"[, "data"]}`, keys in this order. */
import type { Failure } from '../http/failure.ts';
import type { FailureCode } from '../http/status.ts';

/** A success: `code` is a number or a text, as each api has it. */
export interface Success {
  status: number;
  code: number | string;
  msg: string;
  data?: readonly object[];
  headers?: Record<string, string>;
}

export function printSuccess({ code, msg, data }: Success): string {
  return JSON.stringify({ code, error: null, msg, ...(data === undefined ? {} : { data }) });
}

/** The status of a failure here: to this API an unknown route is a bad request. */
export function statusOf({ code, status }: Pick<Failure, 'code' | 'status'>): number {
  return code === 'route_unknown' ? 400 : status;
}

export function printFailure(failure: Failure): string {
  const details = failure.facts.details ?? [];
  const [error, msg] = describe(failure);
  return JSON.stringify({ code: statusOf(failure), error, msg, details });
}

const invalidToken = ['FORBIDDEN', 'PLEASE VALIDATE TOKEN'] as const;
const tooLarge = 'THE REQUEST IS TOO LARGE';

/** The wording of each code: `error` and `msg`, where `{M}`, `{n}` and `{FIELD}` stand for the method, limit or field. */
export const wordings: Readonly<Record<FailureCode, readonly [string, string]>> = {
  route_unknown: ['BAD REQUEST', 'THE API YOU WANT TO CONSULT DOES NOT EXIST'],
  method_wrong: ['METHOD NOT ALLOWED', 'USE THE METHOD {M}'],
  token_missing: ['UNAUTHORIZED', 'PLEASE ENTER THE WOLKVOX-TOKEN'],
  token_invalid: invalidToken,
  token_unknown: invalidToken,
  operation_unknown: invalidToken,
  permission_denied: ['FORBIDDEN', 'THE TOKEN DOES NOT ALLOW THIS API'],
  token_busy: ['FORBIDDEN', 'EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS PER TOKEN ({n})'],
  daily_limit_reached: ['FORBIDDEN', 'TOKEN LIMIT EXCEEDED'],
  body_too_large: ['PAYLOAD TOO LARGE', 'THE BODY EXCEEDS 65536 BYTES'],
  body_invalid: ['BAD REQUEST', 'THE BODY MUST BE ONE JSON OBJECT'],
  fields_missing: ['BAD REQUEST', 'SOME PARAMETERS ARE REQUIRED'],
  fields_invalid: ['BAD REQUEST', 'SOME PARAMETERS ARE NOT VALID'],
  agent_unknown: ['NOT FOUND', 'THE AGENT DOES NOT EXIST'],
  agent_conflict: ['CONFLICT', 'AN AGENT WITH THIS {FIELD} ALREADY EXISTS'],
  operation_conflict: ['CONFLICT', 'AN AGENT WITH THIS {FIELD} ALREADY EXISTS'],
  request_too_slow: ['REQUEST TIMEOUT', 'THE REQUEST TOOK TOO LONG'],
  url_too_large: ['URI TOO LONG', tooLarge],
  headers_too_large: ['REQUEST HEADER FIELDS TOO LARGE', tooLarge],
  http_malformed: ['BAD REQUEST', 'THE REQUEST IS NOT VALID HTTP'],
  idempotency_running: ['CONFLICT', 'THE FIRST REQUEST WITH THIS IDEMPOTENCY-KEY IS STILL RUNNING'],
  idempotency_mismatch: ['UNPROCESSABLE CONTENT', 'THE IDEMPOTENCY-KEY WAS USED FOR ANOTHER REQUEST'],
  unavailable: ['SERVICE UNAVAILABLE', 'TRY AGAIN LATER'],
  unexpected: ['INTERNAL SERVER ERROR', 'UNEXPECTED ERROR'],
};

function describe({ code, method = '', facts }: Failure): [string, string] {
  const [error, msg] = wordings[code];
  const field = facts.details?.[0]?.field.toUpperCase() ?? '';
  return [
    error,
    msg
      .replace('{M}', method)
      .replace('{n}', String(facts.limit ?? ''))
      .replace('{FIELD}', field),
  ];
}
