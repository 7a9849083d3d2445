/** The map: every mount of both listeners, in order. */
import type { FastifyInstance } from 'fastify';
import { mountConfiguration, printConfigurationFailure } from './configuration/configuration.ts';
import { describeByApi, describeConfiguration } from './configuration/document.ts';
import { collectRoutes } from './documents/collect-routes.ts';
import { mountDocuments } from './documents/documents.ts';
import type { Services } from './domain/context.ts';
import { mountHealth, type Readiness } from './http/health.ts';
import { mountMetrics } from './http/metrics.ts';
import { createServer, type DoorLimits, type RequestLog, type TlsIdentity } from './http/server.ts';
import type { DoorWatch } from './http/watch.ts';
import { describeManagement, managementPrefix } from './management/document.ts';
import { printManagementFailure } from './management/errors.ts';
import { mountManagement } from './management/management.ts';

export interface AppOptions {
  services: Services;
  logger: RequestLog;
  limits: DoorLimits & { bodyDeadline: number };
  tls: TlsIdentity | undefined;
  trustedProxies: readonly string[];
  domain: string | undefined;
  /** What keeps the server from its work now. */
  checkReady: () => Promise<Readiness>;
  /** The metrics in Prometheus' text format. */
  printMetrics: () => Promise<string>;
  /** Told of every request and its answer. */
  watch: DoorWatch;
}

/** What the network sees. */
export async function buildPublicApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, logger, limits, tls, trustedProxies, domain, checkReady, watch } = options;
  // A request that never was one has no path: this API's clients are told in their own envelope.
  const app = createServer({
    limits,
    tls,
    logger,
    trustedProxies,
    watch,
    printFailure: (failure, path) =>
      path === '' || path.startsWith('/api/v2') ? printConfigurationFailure(failure) : printManagementFailure(failure),
  });
  await app.register(mountHealth, { checkReady, tells: 'status' });
  await app.register(mountConfiguration, { prefix: '/api/v2', services, domain, bodyDeadline: limits.bodyDeadline });
  await app.register(mountDocuments, { describe: describeConfiguration, describeForPage: describeByApi });
  return app;
}

/** What only this machine's owner sees: the socket in the data folder, or the CLI's own process. */
export async function buildLocalApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, logger, limits, checkReady, printMetrics, watch } = options;
  const app = createServer({ limits, logger, trustedProxies: [], printFailure: printManagementFailure, watch });
  await app.register(mountHealth, { checkReady, tells: 'parts' });
  await app.register(mountMetrics, { printMetrics });
  const routes = collectRoutes(app);
  await app.register(mountManagement, { prefix: managementPrefix, services, administrator: 'local' });
  await app.register(mountDocuments, { describe: () => describeManagement(routes) });
  return app;
}

/** What a Prometheus server sees, where a port is set aside for it: the metrics, and nothing else. */
export async function buildMetricsApp(options: AppOptions): Promise<FastifyInstance> {
  const { logger, limits, tls, printMetrics, watch } = options;
  const app = createServer({ limits, tls, logger, trustedProxies: [], printFailure: printManagementFailure, watch });
  await app.register(mountMetrics, { printMetrics });
  return app;
}
