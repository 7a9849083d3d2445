/**
 * The doorway. Makes the HTTP server with its limits, gives every request an id, refuses what no room should see, and
 * logs one line an answer. Knows no word of the product.
 */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { answerClientError, describeClientError, maxUrlLength, type PrintFailure } from './client-errors.ts';
import { describeFailure, type Failure } from './failure.ts';
import { isHost } from './host.ts';
import { createLineLimit, type LineLimit } from './line-limit.ts';
import { DoorError } from './status.ts';
import { type AnswerFacts, type DoorWatch, watchRequests } from './watch.ts';

export interface DoorLimits {
  /** Milliseconds for the request's headers. */
  headersTimeout: number;
  /** Milliseconds for the whole request. */
  requestTimeout: number;
  maxConnections: number;
}

/** Certificate chain and private key, PEM. */
export interface TlsIdentity {
  cert: Buffer;
  key: Buffer;
}

export interface ServerOptions {
  limits: DoorLimits;
  /** Undefined: plaintext. */
  tls?: TlsIdentity | undefined;
  logger: RequestLog;
  /** Addresses whose forwarded headers are believed. */
  trustedProxies: readonly string[];
  /** Prints a failure that belongs to no mount; gets the path where it is known. */
  printFailure: (failure: Failure, path: string) => string;
  /** Told of every request and its answer. */
  watch?: DoorWatch | undefined;
}

/** Where lines go: facts, and what happened. */
export interface RequestLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What a room adds to a request's log line; never a secret. */
export type LogFacts = Record<string, string | number | boolean | undefined>;

declare module 'fastify' {
  interface FastifyRequest {
    /** `quiet`: an answer that is not worth a line. */
    logFacts: LogFacts | 'quiet' | null;
  }
}

const maxHeaderBytes = 16 * 1024;
const keepAliveTimeout = 65_000;

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
} as const;

/** The server without a mount. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { limits, tls, logger, trustedProxies, printFailure, watch } = options;
  const printUnrouted: PrintFailure = (failure) => printFailure(failure, '');
  const protocol = {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    connectionsCheckingInterval: Math.min(1000, limits.headersTimeout),
    requireHostHeader: false,
    insecureHTTPParser: false,
  };
  const app = Fastify({
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    keepAliveTimeout,
    requestTimeout: limits.requestTimeout,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
    ...(tls === undefined
      ? { http: protocol }
      : { https: { ...protocol, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersTimeout } }),
    clientErrorHandler(error, socket) {
      const failure = describeClientError(error);
      const requestId = randomUUID();
      logger.info(
        { requestId, status: failure.status, outcome: failure.code, reason: failure.reason },
        'refused at the door',
      );
      watch?.onAnswer(refusedAtDoor(failure, requestId));
      answerClientError(socket, failure, requestId, printUnrouted);
    },
    frameworkErrors(error, request, reply) {
      const failure = describeFailure(error);
      watch?.onAnswer(refusedAtDoor(failure, request.id));
      void (reply as FastifyReply)
        .code(failure.status)
        .headers({ ...securityHeaders, 'x-request-id': request.id, 'content-type': 'application/json; charset=utf-8' })
        .send(printFailure(failure, request.raw.url ?? ''));
    },
  });
  app.server.maxConnections = limits.maxConnections;
  app.decorateRequest('logFacts', null);
  if (watch !== undefined) watchRequests(app, watch);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id);
    done(findDoorError(request));
  });
  const limit = createLineLimit((outcome, leftOut) =>
    logger.info({ outcome, leftOut }, 'more answers of this outcome'),
  );
  const answerLog = { logger, limit };
  app.addHook('onResponse', (request, reply, done) => {
    logAnswer(answerLog, request, reply.statusCode, reply.elapsedTime);
    done();
  });
  app.setNotFoundHandler(() => {
    throw new DoorError('route_unknown');
  });
  app.setErrorHandler((error, request, reply) => {
    const failure = describeFailure(error);
    noteFailure(request, failure);
    void reply
      .code(failure.status)
      .type('application/json; charset=utf-8')
      .send(printFailure(failure, request.raw.url ?? ''));
  });
  return app;
}

/** RFC 9112 §3.2 (exactly one Host) and §6.1 (no Transfer-Encoding in HTTP/1.0), and the length of the URL. */
function findDoorError({ raw }: FastifyRequest): DoorError | undefined {
  let hosts = 0;
  for (let index = 0; index < raw.rawHeaders.length; index += 2) {
    if (raw.rawHeaders[index]?.length === 4 && raw.rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts !== 1 || !isHost(raw.headers.host ?? ''))
    return new DoorError('http_malformed', 'not exactly one valid Host');
  if (raw.httpVersion === '1.0' && raw.headers['transfer-encoding'] !== undefined) {
    return new DoorError('http_malformed', 'Transfer-Encoding in HTTP/1.0');
  }
  return (raw.url?.length ?? 0) > maxUrlLength ? new DoorError('url_too_large') : undefined;
}

function refusedAtDoor({ code, status }: Failure, requestId: string): AnswerFacts {
  return { api: 'unknown', outcome: code, status, requestId, quiet: false };
}

/** Adds facts to the request's log line. */
export function addLogFacts(request: FastifyRequest, facts: LogFacts): void {
  const known = request.logFacts;
  request.logFacts = known === null || known === 'quiet' ? facts : Object.assign(known, facts);
}

/** Notes a failure for the log; what nobody foresaw is logged with its stack. */
export function noteFailure(request: FastifyRequest, failure: Failure): void {
  const isOurs = failure.status >= 500;
  addLogFacts(request, { outcome: failure.code, ...(isOurs ? { reason: failure.reason } : {}) });
}

function describeTarget({ method, raw }: FastifyRequest): { method: string; path: string | undefined } {
  return { method, path: raw.url?.split('?', 1)[0]?.slice(0, 200) };
}

interface AnswerLog {
  logger: RequestLog;
  limit: LineLimit;
}

function logAnswer({ logger, limit }: AnswerLog, request: FastifyRequest, status: number, elapsed: number): void {
  if (request.logFacts === 'quiet') return;
  const { outcome = 'ok', ...facts } = request.logFacts ?? {};
  if (status >= 400 && status < 500 && !limit.admit(String(outcome))) return;
  const line = {
    requestId: request.id,
    // The name of an api says both.
    ...(facts['api'] === undefined ? describeTarget(request) : {}),
    status,
    outcome,
    durationMs: Math.round(elapsed * 100) / 100,
    address: request.ip,
    ...facts,
  };
  if (status >= 500) logger.error(line, 'answered');
  else logger.info(line, 'answered');
}
