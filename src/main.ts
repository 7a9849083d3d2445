/** Starts the server: folder → lock → key → store → app → listeners; stops it in the reverse order. */
import { existsSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Server as TlsServer } from 'node:tls';
import { type AppOptions, buildLocalApp, buildMetricsApp, buildPublicApp } from './app.ts';
import { startBackground } from './background.ts';
import type { Config } from './config.ts';
import type { Context, Services } from './domain/context.ts';
import { createAgentIndexer } from './domain/agent-indexer.ts';
import { addOperation } from './domain/operations.ts';
import { createPlaces } from './domain/places.ts';
import { createRefusalCounter } from './domain/refusals.ts';
import { describeReadiness } from './http/health.ts';
import { StartError } from './domain/start-error.ts';
import { createToken } from './domain/tokens.ts';
import { createUsageCounter } from './domain/usage.ts';
import { deriveAuditKeys } from './domain/audit-chain.ts';
import { systemClock } from './platform/clock.ts';
import { loadCommonPasswords } from './platform/common-passwords.ts';
import { type DataFolder, dataFolderPaths, isSocketFolderSafe, prepareFolder } from './platform/data-folder.ts';
import { createSpaceProbe } from './platform/disk-space.ts';
import { createSilentLogger, type LogSink } from './platform/logger.ts';
import { loadTlsIdentity, type TlsIdentity, watchTlsIdentity } from './platform/tls.ts';
import { createMetrics, type MetricsRegistry } from './platform/metrics.ts';
import { networks } from './platform/networks.ts';
import { type BoundedPasswordHasher, createPasswordHasher } from './platform/password-hasher.ts';
import { createRandom } from './platform/random.ts';
import { createReadiness } from './platform/readiness.ts';
import { sealer } from './platform/sealer.ts';
import { loadSecretKey, type SecretKey } from './platform/secret-key.ts';
import { traceServices, type Tracing } from './platform/tracing.ts';
import { version } from './platform/version.ts';
import { type FolderLock, lockDataFolder } from './store/data-folder-lock.ts';
import { openSqliteStore, type OpenStore } from './store/sqlite.ts';

const firstOperation = '0001';
/** Passwords that may wait to be hashed. */
const hashQueue = 512;
/** How long a stop waits for answers under way before it cuts connections, in milliseconds. */
const stopGrace = 8000;
/** How often a stop looks for connections that have become idle, in milliseconds. */
const idleInterval = 50;

/** The installation, open: its services, and the app that speaks the management API. */
export interface Installation {
  services: Services & { hasher: BoundedPasswordHasher };
  metrics: MetricsRegistry;
  store: OpenStore;
  paths: DataFolder;
  close(): Promise<void>;
}

export interface Server {
  /** Where the public listener is, as `http://host:port`. */
  url: string;
  /** The first token, on the first start only. */
  firstToken: string | undefined;
  /** Finishes the answers under way, writes what is counted, closes everything. Within 10 seconds. */
  stop(): Promise<void>;
}

/**
 * Opens the data folder: makes what is missing, takes the lock, brings the database to this version, and adds the first
 * operation where there is none. Throws `StartError`, whose message and remedy are for people.
 */
export async function openInstallation(config: Config, onDeath: (error: Error) => void): Promise<Installation> {
  process.umask(0o077);
  prepareFolder(config.dataDir);
  const paths = dataFolderPaths(config.dataDir);
  const lock = takeLock(config.dataDir, paths);
  let store: OpenStore | undefined;
  try {
    const key = loadSecretKey(config.secretKeyFile ?? paths.secretKey, existsSync(paths.database));
    const metrics = createMetrics();
    store = await openSqliteStore({
      file: paths.database,
      keyCheck: key.check,
      auditRoot: key.auditRoot,
      onDeath,
      onCommit: (commit) => metrics.countCommit(commit),
    });
    const services = createServices(store, metrics, key);
    await addFirstOperation(services);
    return { services, metrics, store, paths, close: closeInstallation(services, store, lock) };
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}

class FolderTakenError extends StartError {}

/** Whether the error says that another process has the data folder. */
export function isFolderTaken(error: unknown): boolean {
  return error instanceof FolderTakenError;
}

function takeLock(folder: string, paths: DataFolder): FolderLock {
  const lock = lockDataFolder(paths.lock);
  if (lock !== undefined) return lock;
  throw new FolderTakenError(
    `Another Roster is running on the data folder ${folder}.`,
    'Stop it first, or give this one a folder of its own with ROSTER_DATA_DIR.',
  );
}

function createServices(store: OpenStore, metrics: MetricsRegistry, key: SecretKey): Installation['services'] {
  return {
    store,
    clock: systemClock,
    random: createRandom(),
    hasher: createPasswordHasher({ inFlight: availableParallelism(), queue: hashQueue }),
    sealer,
    networks,
    metrics,
    isCommonPassword: loadCommonPasswords(),
    places: createPlaces(),
    indexer: createAgentIndexer(store, systemClock),
    usage: createUsageCounter(store, systemClock),
    refusals: createRefusalCounter(store, systemClock),
    runningKeys: new Map(),
    yieldTurn: () => new Promise((resolve) => void setImmediate(resolve)),
    auditKey: deriveAuditKeys(key.auditRoot),
  };
}

function systemContext(services: Services): Context {
  return { services, principal: { kind: 'system' }, operationId: firstOperation, requestId: '', address: '' };
}

async function addFirstOperation(services: Services): Promise<void> {
  if ((await services.store.read.operations.list()).length > 0) return;
  await addOperation(systemContext(services), {});
}

function closeInstallation(services: Services, store: OpenStore, lock: FolderLock): () => Promise<void> {
  return async () => {
    await Promise.allSettled([services.usage.flush(), services.refusals.flush('all')]);
    await store.close();
    lock.release();
  };
}

/** Makes the first token where the first operation never had one. Gives its text. */
async function createFirstToken(services: Services): Promise<string | undefined> {
  const operations = await services.store.read.operations.list();
  if (operations.length !== 1 || operations[0]?.operationId !== firstOperation) return undefined;
  if ((await services.store.read.tokens.list(firstOperation)).length > 0) return undefined;
  return (await createToken(systemContext(services), { description: 'First token' })).text;
}

/** What the apps are built from; of the metrics, the part that watches this installation begins here. */
export function appOptions(
  config: Config,
  installation: Installation,
  { logger }: LogSink,
  tracing?: Tracing,
): AppOptions {
  const { services, metrics, store, paths } = installation;
  const { headersTimeout, requestTimeout, maxConnections, bodyTimeout, trustedProxies, domain } = config;
  const findFreeSpace = createSpaceProbe(config.dataDir);
  const checkReady = createReadiness({
    probe: () => store.probe(),
    findFreeSpace,
    minFree: config.minFreeDisk,
    onChange(readiness) {
      const reason = describeReadiness(readiness);
      if (reason === '') logger.info('ready again');
      else logger.error({ reason }, 'not ready');
    },
  });
  metrics.watch({
    version,
    findFreeSpace,
    database: paths.database,
    hashQueue: () => services.hasher.queue(),
    writerQueue: () => store.queueLength(),
    checkReady,
  });
  return {
    services: tracing === undefined ? services : traceServices(services, tracing),
    logger,
    tls: undefined,
    limits: { headersTimeout, requestTimeout, maxConnections, bodyDeadline: bodyTimeout },
    trustedProxies,
    domain,
    checkReady,
    printMetrics: () => metrics.print(),
    watch: {
      tracer: tracing,
      onAnswer(answer) {
        metrics.countAnswer(answer);
        tracing?.end(answer);
      },
    },
  };
}

/** Starts everything. Throws `StartError`. */
export async function startServer(config: Config, log: LogSink, onDeath: (error: Error) => void): Promise<Server> {
  const tls = loadTls(config);
  const installation = await openInstallation(config, onDeath);
  const { services, paths } = installation;
  const tracing = await openTracing(config, log);
  const options = { ...appOptions(config, installation, log, tracing), tls };
  const publicApp = await buildPublicApp(options);
  const localApp = await buildLocalApp(options);
  const metricsApp = config.metricsPort === undefined ? undefined : await buildMetricsApp(options);
  const apps = [publicApp, localApp, ...(metricsApp === undefined ? [] : [metricsApp])];
  try {
    await listenLocally(localApp, paths.socket, config.dataDir);
    if (metricsApp !== undefined) await listenForMetrics(metricsApp, config);
    const url = await listen(publicApp, config);
    const firstToken = await createFirstToken(services);
    const stopBackground = startBackground(services, config, log);
    const stopWatch = watchTls(apps, config, log);
    return {
      url,
      firstToken,
      async stop() {
        stopBackground();
        stopWatch();
        const cut = setTimeout(() => {
          for (const app of apps) app.server.closeAllConnections();
        }, stopGrace);
        // A connection that was busy when the stop began is idle as soon as its answer is out.
        const idle = setInterval(() => {
          for (const app of apps) app.server.closeIdleConnections();
        }, idleInterval);
        await Promise.all(apps.map((app) => app.close()));
        clearTimeout(cut);
        clearInterval(idle);
        await Promise.all([tracing?.close(), installation.close()]);
      },
    };
  } catch (error) {
    await Promise.allSettled(apps.map((app) => app.close()));
    await installation.close();
    throw error;
  }
}

async function openTracing({ tracesEndpoint, tracesRatio }: Config, { logger }: LogSink): Promise<Tracing | undefined> {
  if (tracesEndpoint === undefined) return undefined;
  // Some twenty megabytes of memory: only for those who want traces.
  const { createTracing } = await import('./platform/open-telemetry.ts');
  return createTracing({
    endpoint: tracesEndpoint,
    ratio: tracesRatio,
    version,
    onProblem: (problem) => logger.error({ reason: problem }, 'traces could not be sent'),
  });
}

type App = Awaited<ReturnType<typeof buildLocalApp>>;

function loadTls({ tlsCertificate, tlsKey }: Config): TlsIdentity | undefined {
  return tlsCertificate === undefined || tlsKey === undefined ? undefined : loadTlsIdentity(tlsCertificate, tlsKey);
}

/** New connections use a replaced certificate; one that cannot be used changes nothing, loudly. */
function watchTls(apps: readonly App[], { tlsCertificate, tlsKey }: Config, { logger }: LogSink): () => void {
  if (tlsCertificate === undefined || tlsKey === undefined) return () => undefined;
  const servers = apps.map(({ server }) => server).filter((server) => server instanceof TlsServer);
  return watchTlsIdentity(tlsCertificate, tlsKey, {
    onChange(identity) {
      for (const server of servers) server.setSecureContext({ ...identity, minVersion: 'TLSv1.2' });
      logger.info({ certificate: tlsCertificate }, 'the TLS certificate was replaced');
    },
    onProblem: (problem) =>
      logger.error({ reason: problem }, 'the new TLS certificate cannot be used; the old one stays'),
  });
}

async function listenLocally(app: App, socket: string, dataDir: string): Promise<void> {
  prepareFolder(dirname(socket));
  if (!isSocketFolderSafe(socket, dataDir)) {
    throw new StartError(
      `The folder ${dirname(socket)} belongs to somebody else, or lets others in.`,
      'Remove it, or give the data folder a shorter path, so that the socket stands in it.',
    );
  }
  // The lock is ours: a socket that is still there belongs to nobody.
  rmSync(socket, { force: true });
  await app.listen({ path: socket });
  await chmod(socket, 0o600);
}

async function listenForMetrics(app: App, { metricsHost, metricsPort = 0 }: Config): Promise<void> {
  await listen(app, { host: metricsHost, port: metricsPort }, 'METRICS_');
}

/** Listens where the settings of this prefix say. Throws `StartError`. */
async function listen(app: App, { host, port }: Pick<Config, 'host' | 'port'>, prefix = ''): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reasons: Record<string, string> = {
      EADDRINUSE: `Port ${port} on ${host} is taken by another program.`,
      EACCES: `This user may not listen on port ${port}.`,
      EADDRNOTAVAIL: `This machine has no address ${host}.`,
      ENOTFOUND: `This machine has no address ${host}.`,
    };
    const reason = reasons[code] ?? `Cannot listen on ${host}:${port}: ${String(error)}.`;
    throw new StartError(reason, `Choose another with ROSTER_${prefix}PORT or ROSTER_${prefix}HOST.`, { cause: error });
  }
}

/** Opens the installation in this process, without a listener, for one command. Throws `StartError`. */
export async function openInProcess(
  config: Config,
): Promise<{ fetch: (url: string, init: RequestInit) => Promise<Response>; close: () => Promise<void> }> {
  const installation = await openInstallation(config, () => undefined);
  const app = await buildLocalApp(appOptions(config, installation, createSilentLogger()));
  return {
    async fetch(url, { method = 'GET', headers, body }) {
      const { statusCode, payload } = await app.inject({
        method: method as 'GET',
        url,
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === 'string' ? { payload: body } : {}),
      });
      return new Response(statusCode === 204 ? null : payload, { status: statusCode });
    },
    async close() {
      await app.close();
      await installation.close();
    },
  };
}

export { createLogger } from './platform/logger.ts';
