/** Whether the process turns, and whether it can do its work. */
import type { FastifyInstance } from 'fastify';
import { addLogFacts } from './server.ts';

/** What is in the way of work, in words, by the part that fails; undefined: nothing. */
export interface Readiness {
  database: string | undefined;
  disk: string | undefined;
}

export interface HealthOptions {
  checkReady: () => Promise<Readiness>;
  /** `parts`: the answer says which part fails and why; `status`: whether anything does. */
  tells: 'status' | 'parts';
}

const retryAfter = '5';

/**
 * `GET /health/live`: 200 while the process turns. `GET /health/ready`: 200 when requests can be served, else 503; which
 * part fails stands in the log, and in the answer where that may tell it.
 */
export async function mountHealth(app: FastifyInstance, { checkReady, tells }: HealthOptions): Promise<void> {
  app.get('/health/live', async (request) => {
    request.logFacts = 'quiet';
    return { status: 'alive' };
  });

  app.get('/health/ready', async (request, reply) => {
    const { database, disk } = await checkReady();
    const parts = tells === 'parts' ? { database: database ?? 'ok', disk: disk ?? 'ok' } : {};
    if (database === undefined && disk === undefined) {
      request.logFacts = 'quiet';
      return { status: 'ready', ...parts };
    }
    addLogFacts(request, { outcome: 'unavailable', reason: describeReadiness({ database, disk }) });
    return reply
      .code(503)
      .header('retry-after', retryAfter)
      .send({ status: 'unavailable', ...parts });
  });
}

/** What fails, in one line for the log. */
export function describeReadiness({ database, disk }: Readiness): string {
  return [database === undefined ? [] : `database: ${database}`, disk === undefined ? [] : `disk: ${disk}`]
    .flat()
    .join('; ');
}
