import type { FastifyInstance } from 'fastify';

/** `GET /metrics`: everything counted and measured, in Prometheus' text format. Knows nobody: the mount lets in. */
export async function mountMetrics(
  app: FastifyInstance,
  { printMetrics }: { printMetrics: () => Promise<string> },
): Promise<void> {
  app.get('/metrics', async (request, reply) => {
    const text = await printMetrics();
    request.logFacts = 'quiet';
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
}
