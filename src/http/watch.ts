/** Lets somebody else watch the door: what is asked, and what becomes of it. Counts and traces hang here. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** An answer, in words of closed lists: nothing here grows with what callers make up. */
export interface AnswerFacts {
  /** The same object that `begin` was given; absent for what never became a request. */
  key?: object;
  /** The api's name, or method and route of another mount; `unknown` where nothing was found. */
  api: string;
  /** `ok`, or the code of the failure. */
  outcome: string;
  status: number;
  /** Milliseconds from the request's headers to the answer's last byte. */
  elapsed?: number;
  requestId: string;
  /** True for a probe that is not worth a line. */
  quiet: boolean;
}

/** Whoever watches. Nothing of it may throw. */
export interface DoorWatch {
  onAnswer: (answer: AnswerFacts) => void;
  /** Follows requests from their beginning: each is told with `proceed`, which runs the rest of the request. */
  tracer?:
    | {
        begin: (key: object, method: string, headers: IncomingHttpHeaders, proceed: () => void) => void;
        /** Once more for the same request, where the library has left the asynchronous context behind. */
        resume: (key: object, proceed: () => void) => void;
      }
    | undefined;
}

/** Tells the watch of every request that was one. */
export function watchRequests(app: FastifyInstance, { onAnswer, tracer }: DoorWatch): void {
  if (tracer !== undefined) {
    app.addHook('onRequest', ({ raw }, _reply, done) => tracer.begin(raw, raw.method ?? '', raw.headers, () => done()));
    app.addHook('preValidation', ({ raw }, _reply, done) => tracer.resume(raw, () => done()));
  }
  app.addHook('onResponse', (request, reply, done) => {
    const { logFacts } = request;
    const quiet = logFacts === 'quiet';
    const facts = quiet ? null : logFacts;
    onAnswer({
      key: request.raw,
      api: typeof facts?.['api'] === 'string' ? facts['api'] : nameRoute(request),
      outcome: typeof facts?.['outcome'] === 'string' ? facts['outcome'] : 'ok',
      status: reply.statusCode,
      elapsed: reply.elapsedTime,
      requestId: request.id,
      quiet,
    });
    done();
  });
}

function nameRoute({ method, routeOptions: { url } }: FastifyRequest): string {
  return url === undefined || url.endsWith('*') || url === '/api/v2/' ? 'unknown' : `${method} ${url}`;
}
