/** The map: every mount of both listeners, in order. */
import type { FastifyInstance } from 'fastify';
import { mountConfiguration, printConfigurationFailure } from './configuration/configuration.ts';
import type { Services } from './domain/context.ts';
import { mountHealth } from './http/health.ts';
import { createServer, type DoorLimits, type RequestLog, type TlsIdentity } from './http/server.ts';
import { printManagementFailure } from './management/errors.ts';
import { mountManagement } from './management/management.ts';

export interface AppOptions {
  services: Services;
  logger: RequestLog;
  limits: DoorLimits & { bodyDeadline: number };
  tls: TlsIdentity | undefined;
  trustedProxies: readonly string[];
  domain: string | undefined;
  /** Throws when the server cannot do its work now. */
  checkReady: () => Promise<void>;
  /** The metrics in Prometheus' text format. */
  printMetrics: () => Promise<string>;
}

/** What the network sees. */
export async function buildPublicApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, logger, limits, tls, trustedProxies, domain, checkReady } = options;
  // A request that never was one has no path: this API's clients are told in their own envelope.
  const app = createServer({
    limits,
    tls,
    logger,
    trustedProxies,
    printFailure: (failure, path) =>
      path === '' || path.startsWith('/api/v2') ? printConfigurationFailure(failure) : printManagementFailure(failure),
  });
  await app.register(mountHealth, { checkReady });
  await app.register(mountConfiguration, { prefix: '/api/v2', services, domain, bodyDeadline: limits.bodyDeadline });
  return app;
}

/** What only this machine's owner sees: the socket in the data folder, or the CLI's own process. */
export async function buildLocalApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, logger, limits, checkReady, printMetrics } = options;
  const app = createServer({ limits, logger, trustedProxies: [], printFailure: printManagementFailure });
  await app.register(mountHealth, { checkReady });
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await printMetrics()));
  await app.register(mountManagement, { prefix: '/management/v1', services, administrator: 'local' });
  return app;
}
