/** Starts the server that ships, in a process and a data folder of its own, for tests and measurements. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManagementClient } from '../../src/client/management-client.ts';
import { socketFetch } from '../../src/cli/socket-fetch.ts';
import { findSocket, readConfig } from '../../src/config.ts';

const command = new URL('../../src/cli/roster.ts', import.meta.url).pathname;

/** Characters of output kept. */
const maxOutput = 4_000_000;

export interface StartOptions {
  dataDir?: string;
  env?: Record<string, string>;
  /** Another program than the server: a measurement's variant of it. */
  script?: string;
}

export interface TestServer {
  url: string;
  port: number;
  pid: number;
  dataDir: string;
  process: ChildProcess;
  /** The token of the first start; empty on a later one. */
  token: string;
  admin: ManagementClient;
  /** All it has printed so far. */
  output: () => string;
  /** Asks it to stop; gives its exit code. */
  stop: () => Promise<number | null>;
  /** Ends it as a crash would. */
  kill: () => Promise<void>;
  /** Stops it and removes its data folder. */
  remove: () => Promise<void>;
}

export async function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'roster-test-'));
}

/** A port that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The environment of a child: this one's without any setting of Roster's. */
export function cleanEnv(env: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ROSTER_') && name !== 'NODE_TEST_CONTEXT',
  );
  return { ...Object.fromEntries(inherited), ...env };
}

/** Starts a server and waits until it is ready. Throws with its output when it ends instead. */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await makeDataDir());
  const port = Number(options.env?.['ROSTER_PORT'] ?? (await findFreePort()));
  const env = cleanEnv({ ROSTER_DATA_DIR: dataDir, ROSTER_PORT: String(port), ...options.env });
  const args = options.script === undefined ? [command, 'serve'] : [options.script];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let isReady = false;
  const ready = new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      if (output.length < maxOutput) output += chunk.toString();
      if (isReady || !output.includes('Roster is ready at')) return;
      isReady = true;
      resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  await ready;
  const exited = once(child, 'exit');
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const [code] = (await exited) as [number | null];
    return code;
  };
  const host = options.env?.['ROSTER_HOST'] ?? '127.0.0.1';
  return {
    url: `http://${host}:${port}`,
    port,
    pid: child.pid ?? 0,
    dataDir,
    process: child,
    token: /rst_[0-9A-Za-z_]+/.exec(output)?.[0] ?? '',
    admin: new ManagementClient({
      baseUrl: 'http://localhost',
      fetch: socketFetch(findSocket(readConfig({ env: { ROSTER_DATA_DIR: dataDir } }).config) ?? ''),
    }),
    output: () => output,
    stop,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async remove() {
      if (child.exitCode === null && child.signalCode === null) await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
