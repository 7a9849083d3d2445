/** The environment → one frozen Config. Every problem is named in one message. */
import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { StartError } from './domain/start-error.ts';
import { editDistance } from './domain/text.ts';
import { dataFolderPaths } from './platform/data-folder.ts';
import { isBlock } from './platform/networks.ts';

export { StartError } from './domain/start-error.ts';

export interface Config {
  /** Absolute path of the data folder. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** The domain under which `wv{code}.{domain}` names an operation; undefined: any. */
  readonly domain: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly allowPlaintext: boolean;
  /** Where the secret key is, when not in the data folder. */
  readonly secretKeyFile: string | undefined;
  readonly logLevel: string;
  readonly logFormat: 'auto' | 'json' | 'pretty';
  /** Milliseconds for a request's headers, for its body, and for all of it. */
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
  readonly requestTimeout: number;
  readonly maxConnections: number;
}

interface Setting<Value> {
  variable: string;
  fallback: string;
  /** Gives the value, or throws an `Error` whose message says what it must be. */
  read: (text: string) => Value;
}

function setting<Value>(variable: string, fallback: string, read: (text: string) => Value): Setting<Value> {
  return { variable, fallback, read };
}

/** Every setting there is. */
const settings = {
  dataDir: setting('ROSTER_DATA_DIR', './roster-data', (text) => resolve(text)),
  host: setting('ROSTER_HOST', '127.0.0.1', readHost),
  port: setting('ROSTER_PORT', '8080', (text) => readWhole(text, 0, 65_535)),
  domain: setting('ROSTER_DOMAIN', '', readDomain),
  trustedProxies: setting('ROSTER_TRUSTED_PROXIES', '', readNetworks),
  allowPlaintext: setting('ROSTER_ALLOW_PLAINTEXT', '0', readSwitch),
  secretKeyFile: setting('ROSTER_SECRET_KEY_FILE', '', (text) => (text === '' ? undefined : resolve(text))),
  logLevel: setting('ROSTER_LOG_LEVEL', 'info', (text) =>
    readChoice(text, ['debug', 'info', 'warn', 'error'] as const),
  ),
  logFormat: setting('ROSTER_LOG_FORMAT', 'auto', (text) => readChoice(text, ['auto', 'json', 'pretty'] as const)),
  headersTimeout: setting('ROSTER_HEADERS_TIMEOUT', '10', readSeconds),
  bodyTimeout: setting('ROSTER_BODY_TIMEOUT', '10', readSeconds),
  requestTimeout: setting('ROSTER_REQUEST_TIMEOUT', '30', readSeconds),
  maxConnections: setting('ROSTER_MAX_CONNECTIONS', '2048', (text) => readWhole(text, 1, 100_000)),
} satisfies { [Key in keyof Config]: Setting<Config[Key]> };

/**
 * Reads the configuration. An empty variable counts as absent. Throws `StartError` that names every problem at once:
 * values out of range, near misses of a setting's name, and a plaintext listener beyond loopback.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems = findMisspelt(env);
  const entries = Object.entries(settings).map(([key, { variable, fallback, read }]) => {
    try {
      return [key, read(env[variable] || fallback)];
    } catch (error) {
      problems.push(`${variable}=${env[variable] ?? fallback}: ${error instanceof Error ? error.message : ''}`);
      return [key, undefined];
    }
  });
  const config = Object.freeze(Object.fromEntries(entries)) as Config;
  if (problems.length === 0) problems.push(...findContradictions(config));
  if (problems.length > 0) {
    throw new StartError(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n` +
        problems.map((problem) => `  - ${problem}`).join('\n'),
      'Correct the environment variables named above and start again.',
    );
  }
  return config;
}

function findMisspelt(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.values(settings).map(({ variable }) => variable);
  return Object.keys(env)
    .filter((name) => name.startsWith('ROSTER_') && !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((variable) => editDistance(name, variable, 2) <= 2);
      return meant === undefined ? [] : [`${name} is not a setting; did you mean ${meant}?`];
    });
}

function findContradictions({ host, trustedProxies, allowPlaintext }: Config): string[] {
  if (isLoopback(host) || trustedProxies.length > 0 || allowPlaintext) return [];
  return [
    `ROSTER_HOST=${host} listens beyond this machine without TLS: tokens and passwords would cross the network in the ` +
      'clear. Put a TLS proxy in front and name its address in ROSTER_TRUSTED_PROXIES, or set ROSTER_ALLOW_PLAINTEXT=1 ' +
      'on a network you trust.',
  ];
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach a listener on the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || loopback.check(host) || loopback.check(host, 'ipv6');
}

function readHost(text: string): string {
  if (/^[0-9a-z.:-]+$/i.test(text)) return text;
  throw new Error('must be an IP address or a host name');
}

function readDomain(text: string): string | undefined {
  if (text === '') return undefined;
  if (/^[0-9a-z]([0-9a-z.-]*[0-9a-z])?$/i.test(text)) return text.toLowerCase();
  throw new Error('must be a domain such as example.com');
}

function readNetworks(text: string): string[] {
  const blocks = text.split(',').map((part) => part.trim());
  if (text === '') return [];
  const wrong = blocks.find((block) => !isBlock(block));
  if (wrong === undefined) return blocks;
  throw new Error(
    `"${wrong}" is neither an IP address nor a network such as 10.0.0.0/8 (several are separated by commas)`,
  );
}

function readWhole(text: string, min: number, max: number): number {
  if (/^[0-9]{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
  throw new Error(`must be a whole number from ${min} to ${max}`);
}

function readSeconds(text: string): number {
  if (/^[0-9]+(\.[0-9]+)?$/.test(text) && Number(text) >= 0.1 && Number(text) <= 3600) return Number(text) * 1000;
  throw new Error('must be a number of seconds from 0.1 to 3600');
}

function readSwitch(text: string): boolean {
  if (text === '0' || text === '1') return text === '1';
  throw new Error('must be 0 or 1');
}

function readChoice<Choice extends string>(text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new Error(`must be one of ${choices.join(', ')}`);
}

/** Where the socket of a server on this data folder is. */
export function findSocket({ dataDir }: Config): string {
  return dataFolderPaths(dataDir).socket;
}
