/** How the management API tells a failure: `{"error": {"code", "message", "details"}}`. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type Problem } from '../domain/errors.ts';
import { describeFailure, type Failure } from '../http/failure.ts';
import { noteFailure } from '../http/server.ts';
import type { FailureCode } from '../http/status.ts';

/** The wording of each code. */
export const messages: Readonly<Record<FailureCode, string>> = {
  token_missing: 'A token is required.',
  token_invalid: 'The token is not valid.',
  permission_denied: 'This is not allowed.',
  token_busy: 'The token is in use.',
  daily_limit_reached: 'The daily limit is reached.',
  body_too_large: 'The body is too large.',
  body_invalid: 'The body must be one JSON object.',
  fields_missing: 'Some fields are required.',
  fields_invalid: 'Some fields are not valid.',
  agent_unknown: 'There is no such agent.',
  agent_conflict: 'Another agent has this already.',
  operation_unknown: 'There is no such operation.',
  operation_conflict: 'There is such an operation already.',
  token_unknown: 'There is no such token, or it can no longer be used.',
  idempotency_running: 'The first request with this key is still running.',
  idempotency_mismatch: 'The key was used for another request.',
  request_too_slow: 'The request took too long.',
  unavailable: 'The server cannot do this now. Try again later.',
  unexpected: 'Something unforeseen happened; the log says more.',
  http_malformed: 'The request is not valid HTTP.',
  url_too_large: 'The address is too long.',
  headers_too_large: 'The headers are too large.',
  route_unknown: 'There is nothing at this address.',
  method_wrong: 'This address does not take this method.',
};

export function printManagementFailure({ code, facts }: Failure): string {
  return JSON.stringify({ error: { code, message: messages[code], details: facts.details ?? [] } });
}

export function sendManagementFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = describeFailure(error.validation === undefined ? error : describeValidation(error));
  noteFailure(request, failure);
  if (failure.facts.retryAfter !== undefined) reply.header('retry-after', String(failure.facts.retryAfter));
  return reply.code(failure.status).type('application/json; charset=utf-8').send(printManagementFailure(failure));
}

function describeValidation({ validation = [] }: FastifyError): DomainError {
  const details = validation.map(({ instancePath, params, message = 'is not valid' }): Problem => {
    const named = params['missingProperty'] ?? params['additionalProperty'];
    const field = typeof named === 'string' ? named : instancePath.slice(1).replaceAll('/', '.');
    return { field, problem: params['additionalProperty'] === undefined ? message : 'is not a known field' };
  });
  return new DomainError('fields_invalid', { details });
}
