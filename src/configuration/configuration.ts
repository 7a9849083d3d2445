/**
 * The configuration API: the agent part of the wolkvox v2 configuration API, under `/api/v2/`. Parses that dialect, calls
 * one domain operation, prints that dialect. Knows no SQL, and no other room.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticateToken } from '../domain/authenticate-token.ts';
import type { Context, Services } from '../domain/context.ts';
import { requireScope, withTokenUse } from '../domain/token-use.ts';
import { createBrake } from '../http/brake.ts';
import { describeFailure, type Failure } from '../http/failure.ts';
import { operationOfHost } from '../http/host.ts';
import { addLogFacts, noteFailure } from '../http/server.ts';
import { DoorError } from '../http/status.ts';
import { apis } from './apis.ts';
import { printFailure, printSuccess, statusOf, type Success } from './envelope.ts';
import type { Api, Exchange } from './exchange.ts';

export interface ConfigurationOptions {
  services: Services;
  /** The domain under which `wv{code}.…` names an operation; undefined: any. */
  domain: string | undefined;
  /** Milliseconds for a request's body. */
  bodyDeadline: number;
}

interface AnswerOptions extends ConfigurationOptions {
  /** What a refused token has to wait for before it is told. */
  brake: () => Promise<void>;
}

const jsonType = 'application/json; charset=utf-8';

/** Mounts the API; everything under its prefix is answered in its envelope. */
export async function mountConfiguration(app: FastifyInstance, options: ConfigurationOptions): Promise<void> {
  // JSON is read whatever the Content-Type says, and only once the token has been let in. To the library, therefore, no
  // request here has a body; the apis read it from the stream themselves.
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    delete headers['content-type'];
    delete headers['content-length'];
    delete headers['transfer-encoding'];
    done();
  });
  const braked = { ...options, brake: createBrake() };
  const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    answer(request, reply, braked);
  app.all('/', handler);
  app.all('/*', handler);
  app.setNotFoundHandler(handler);
  app.setErrorHandler((error, request, reply) => sendFailure(request, reply, describeFailure(error)));
}

/** Prints a failure that happened before routing, in this API's envelope. */
export { printFailure as printConfigurationFailure } from './envelope.ts';

async function answer(request: FastifyRequest, reply: FastifyReply, options: AnswerOptions): Promise<FastifyReply> {
  const headers: Record<string, string> = {};
  try {
    const [path = '', search] = (request.raw.url ?? '').split('?', 2);
    const parameters = new URLSearchParams(search);
    // PHP, which this API comes from, takes the last of several parameters of a name.
    const query = (name: string): string | undefined => parameters.getAll(name).at(-1);
    const api = findApi(path, query('api'), request.method);
    addLogFacts(request, { api: api.name });
    const exchange = await authenticate(request, options, query, headers);
    const { ctx, operation, token } = exchange;
    if (api.scope !== null) requireScope(ctx, token, api.scope);
    const success = await api.answer(exchange, (work) => withTokenUse<Success>(ctx, operation, token, work));
    return await reply.code(success.status).headers(headers).type(jsonType).send(printSuccess(success));
  } catch (error) {
    const failure = describeFailure(error);
    if (failure.code === 'token_invalid' || failure.code === 'token_missing') await options.brake();
    return sendFailure(request, reply.headers(headers), failure);
  }
}

function findApi(path: string, name: string | undefined, method: string): Api {
  const api = apis.find((entry) => path === `/api/v2/${entry.group}.php` && name === entry.name);
  if (api === undefined) throw new DoorError('route_unknown');
  if (method !== api.method) throw new DoorError('method_wrong', 'wrong method', api.method);
  return api;
}

async function authenticate(
  request: FastifyRequest,
  { services, domain, bodyDeadline }: ConfigurationOptions,
  query: Exchange['query'],
  headers: Record<string, string>,
): Promise<Exchange> {
  const tokenText = String(request.headers['wolkvox-token'] ?? '').trim();
  const address = request.ip;
  const host = operationOfHost(request.headers.host ?? '', domain);
  const { token, operation } = await authenticateToken(services, { text: tokenText, host, address });
  const { operationId, tokenId } = token;
  addLogFacts(request, { operation: operationId, tokenId });
  const ctx: Context = { services, principal: { kind: 'token', token }, operationId, requestId: request.id, address };
  return { ctx, request, token, tokenText, operation, query, headers, bodyDeadline };
}

function sendFailure(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  noteFailure(request, failure);
  const { retryAfter } = failure.facts;
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  if (failure.method !== undefined) reply.header('allow', failure.method);
  // A body that came too late or too large may still be on its way: the connection is of no further use.
  if (failure.code === 'body_too_large' || failure.code === 'request_too_slow') reply.header('connection', 'close');
  return reply.code(statusOf(failure)).type(jsonType).send(printFailure(failure));
}
