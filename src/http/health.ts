import type { FastifyInstance } from 'fastify';

/** `GET /health/ready`: 200 when requests can be served, else 503. */
export async function mountHealth(app: FastifyInstance, options: { checkReady: () => Promise<void> }): Promise<void> {
  app.get('/health/ready', async (request, reply) => {
    try {
      await options.checkReady();
      request.logFacts = 'quiet';
      return { status: 'ready' };
    } catch {
      return reply.code(503).header('retry-after', '5').send({ status: 'unavailable' });
    }
  });
}
