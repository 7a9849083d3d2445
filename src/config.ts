/**
 * Flags, environment and file → one frozen Config, the first that names a setting winning. A setting has one name:
 * `ROSTER_PORT` in the environment and in the file is `--port` on the command line. Every problem is named at once.
 */
import { readFileSync, statSync } from 'node:fs';
import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { StartError } from './domain/start-error.ts';
import { editDistance } from './domain/text.ts';
import { dataFolderPaths, isSocketFolderSafe } from './platform/data-folder.ts';
import { isBlock } from './platform/networks.ts';

export { StartError } from './domain/start-error.ts';

export interface Config {
  /** Absolute path of the data folder. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** The domain under which `wv{code}.{domain}` names an operation; undefined: any. */
  readonly domain: string | undefined;
  readonly tlsCertificate: string | undefined;
  readonly tlsKey: string | undefined;
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
  /** Days for which audit events are kept; 0: for ever. */
  readonly auditDays: number;
  /** Bytes that must be free on the data folder's disk. */
  readonly minFreeDisk: number;
  readonly metricsHost: string;
  /** Undefined: metrics on the socket alone. */
  readonly metricsPort: number | undefined;
  /** Where spans are posted; undefined: no traces. */
  readonly tracesEndpoint: string | undefined;
  /** The part of the requests that is traced. */
  readonly tracesRatio: number;
}

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

export interface Setting<Value = unknown> {
  variable: string;
  fallback: string;
  /** What it is, in a line. */
  help: string;
  /** Gives the value, or throws an `Error` whose message says what it must be. */
  read: (text: string) => Value;
}

function setting<Value>(
  variable: string,
  fallback: string,
  help: string,
  read: Setting<Value>['read'],
): Setting<Value> {
  return { variable, fallback, help, read };
}

/** Every setting there is, in the order they are shown. */
export const settings = {
  dataDir: setting(
    'ROSTER_DATA_DIR',
    './roster-data',
    'folder for the database, the secret key and the socket',
    (text) => resolve(text),
  ),
  host: setting('ROSTER_HOST', '127.0.0.1', 'address to listen on', readHost),
  port: setting('ROSTER_PORT', '8080', 'port to listen on', (text) => readWhole(text, 0, 65_535)),
  domain: setting(
    'ROSTER_DOMAIN',
    '',
    'domain under which wv{code}.{domain} names an operation; empty: any',
    readDomain,
  ),
  tlsCertificate: setting(
    'ROSTER_TLS_CERTIFICATE',
    '',
    'PEM file with the certificate and its chain; empty: no TLS',
    readPath,
  ),
  tlsKey: setting('ROSTER_TLS_KEY', '', "PEM file with the certificate's private key", readPath),
  trustedProxies: setting(
    'ROSTER_TRUSTED_PROXIES',
    '',
    'proxies whose forwarded headers are believed: addresses or networks, separated by commas',
    readNetworks,
  ),
  allowPlaintext: setting(
    'ROSTER_ALLOW_PLAINTEXT',
    '0',
    '1: listen beyond this machine without TLS or a named proxy',
    readSwitch,
  ),
  secretKeyFile: setting(
    'ROSTER_SECRET_KEY_FILE',
    '',
    'file with the secret key; empty: secret.key in the data folder',
    readPath,
  ),
  logLevel: setting('ROSTER_LOG_LEVEL', 'info', 'debug, info, warn or error', (text) =>
    readChoice(text, ['debug', 'info', 'warn', 'error'] as const),
  ),
  logFormat: setting('ROSTER_LOG_FORMAT', 'auto', 'json, pretty, or auto: pretty on a terminal', (text) =>
    readChoice(text, ['auto', 'json', 'pretty'] as const),
  ),
  headersTimeout: setting('ROSTER_HEADERS_TIMEOUT', '10', "seconds for a request's headers", readSeconds),
  bodyTimeout: setting('ROSTER_BODY_TIMEOUT', '10', "seconds for a request's body", readSeconds),
  requestTimeout: setting('ROSTER_REQUEST_TIMEOUT', '30', 'seconds for a whole request', readSeconds),
  maxConnections: setting('ROSTER_MAX_CONNECTIONS', '2048', 'connections at once', (text) =>
    readWhole(text, 1, 100_000),
  ),
  auditDays: setting('ROSTER_AUDIT_DAYS', '0', 'days for which audit events are kept; 0: for ever', (text) =>
    readWhole(text, 0, 36_500),
  ),
  minFreeDisk: setting(
    'ROSTER_MIN_FREE_DISK',
    '64',
    'MiB that must be free on the disk of the data folder to be ready',
    (text) => readWhole(text, 0, 999_999_999) * 2 ** 20,
  ),
  metricsHost: setting('ROSTER_METRICS_HOST', '127.0.0.1', 'address to serve metrics on', readHost),
  metricsPort: setting(
    'ROSTER_METRICS_PORT',
    '',
    'port to serve metrics on; empty: only on the socket in the data folder',
    (text) => (text === '' ? undefined : readWhole(text, 1, 65_535)),
  ),
  tracesEndpoint: setting(
    'ROSTER_TRACES_ENDPOINT',
    '',
    'http(s) address of an OpenTelemetry collector (OTLP, JSON); empty: no traces',
    readEndpoint,
  ),
  tracesRatio: setting(
    'ROSTER_TRACES_RATIO',
    '1',
    'part of the requests that is traced, from 0 to 1, where the caller has not decided it',
    readRatio,
  ),
} satisfies { [Key in keyof Config]: Setting<Config[Key]> };

/** Names the file with settings; it cannot stand in that file itself. */
export const fileVariable = 'ROSTER_CONFIG';

/** `ROSTER_PORT` → `port`, its flag without the dashes. */
export function flagOf(variable: string): string {
  return variable.slice('ROSTER_'.length).toLowerCase().replaceAll('_', '-');
}

type Texts = Readonly<Record<string, string | undefined>>;

export interface ConfigSources {
  env: Texts;
  /** By the setting's variable. */
  flags?: Texts;
  /** False where nothing will listen on the network: then nothing is asked of the address. */
  isListening?: boolean;
}

/** A setting in force: its text, and where that came from. */
export interface SettingInForce {
  variable: string;
  text: string;
  origin: Origin;
}

/**
 * Reads the configuration. An empty text counts as absent. Throws `StartError` that names every problem at once: values
 * out of range, names that are none, a file that cannot be read, settings that contradict each other.
 */
export function readConfig({ env, flags = {}, isListening = true }: ConfigSources): {
  config: Config;
  inForce: SettingInForce[];
} {
  const problems: string[] = [];
  const file = readFile(flags[fileVariable] || env[fileVariable], problems);
  problems.push(...findMisspelt(env, 2), ...findMisspelt(file, Number.POSITIVE_INFINITY));
  const inForce: SettingInForce[] = [];
  const entries = Object.entries(settings).map(([key, { variable, fallback, read }]) => {
    const found = findText(variable, fallback, { flags, env, file });
    inForce.push({ variable, ...found });
    try {
      return [key, read(found.text)];
    } catch (error) {
      problems.push(`${describeSource(variable, found)}: ${error instanceof Error ? error.message : ''}`);
      return [key, undefined];
    }
  });
  const config = Object.freeze(Object.fromEntries(entries)) as Config;
  if (isListening) problems.push(...findContradictions(config));
  if (problems.length === 0) return { config, inForce };
  throw new StartError(
    `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n` +
      problems.map((problem) => `  - ${problem}`).join('\n'),
    'Correct what is named above and start again.',
  );
}

function describeSource(variable: string, { text, origin }: Omit<SettingInForce, 'variable'>): string {
  if (origin === 'flag') return `--${flagOf(variable)} ${text}`;
  return `${variable}=${text}${origin === 'file' ? ' (in the file)' : ''}`;
}

function findText(
  variable: string,
  fallback: string,
  from: { flags: Texts; env: Texts; file: Texts },
): Omit<SettingInForce, 'variable'> {
  if (from.flags[variable]) return { text: from.flags[variable], origin: 'flag' };
  if (from.env[variable]) return { text: from.env[variable], origin: 'environment' };
  if (from.file[variable]) return { text: from.file[variable], origin: 'file' };
  return { text: fallback, origin: 'default' };
}

function readFile(path: string | undefined, problems: string[]): Texts {
  if (!path) return {};
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`${fileVariable}=${path}: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

/** Names that are none. The environment may hold others' names, so there only what nearly is one is told. */
function findMisspelt(texts: Texts, edits: number): string[] {
  const known = [...Object.values(settings).map(({ variable }) => variable), fileVariable];
  return Object.keys(texts)
    .filter((name) => !known.includes(name) && (edits > 2 || name.startsWith('ROSTER_')))
    .flatMap((name) => {
      const meant = known.find((variable) => editDistance(name, variable, 2) <= 2);
      if (meant !== undefined) return [`${name} is not a setting; did you mean ${meant}?`];
      return edits > 2 ? [`${name} is not a setting`] : [];
    });
}

/** A setting that could not be read is undefined here, and contradicts nothing. */
function findContradictions(config: Partial<Config>): string[] {
  const { host = 'localhost', port, tlsCertificate, tlsKey, trustedProxies = [], allowPlaintext = false } = config;
  const { metricsHost = 'localhost', metricsPort } = config;
  const problems: string[] = [];
  if ((tlsCertificate === undefined) !== (tlsKey === undefined)) {
    problems.push('ROSTER_TLS_CERTIFICATE and ROSTER_TLS_KEY belong together: set both or neither');
  }
  const isSafe = tlsCertificate !== undefined || trustedProxies.length > 0 || allowPlaintext;
  if (!isSafe && !isLoopback(host)) {
    problems.push(
      `ROSTER_HOST=${host} listens beyond this machine without TLS: tokens and passwords would cross the network in the ` +
        'clear. Set ROSTER_TLS_CERTIFICATE and ROSTER_TLS_KEY, or put a TLS proxy in front and name its address in ' +
        'ROSTER_TRUSTED_PROXIES, or set ROSTER_ALLOW_PLAINTEXT=1 on a network you trust.',
    );
  }
  if (!isSafe && metricsPort !== undefined && !isLoopback(metricsHost)) {
    problems.push(
      `ROSTER_METRICS_HOST=${metricsHost} serves metrics beyond this machine without TLS: what allows ROSTER_HOST to ` +
        'listen there allows this too',
    );
  }
  if (metricsPort !== undefined && metricsPort === port && metricsHost === host) {
    problems.push(`ROSTER_METRICS_PORT=${metricsPort} is the port that ROSTER_PORT already has`);
  }
  if (tlsCertificate !== undefined && allowPlaintext) {
    problems.push(
      `ROSTER_ALLOW_PLAINTEXT=1 contradicts ROSTER_TLS_CERTIFICATE: port ${port} speaks either TLS or plaintext`,
    );
  }
  return problems;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach a listener on the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || loopback.check(host) || loopback.check(host, 'ipv6');
}

function readPath(text: string): string | undefined {
  return text === '' ? undefined : resolve(text);
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
  if (text === '') return [];
  const blocks = text.split(',').map((part) => part.trim());
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

/** Where spans are posted: the path of OTLP is added where the address has none. */
function readEndpoint(text: string): string | undefined {
  if (text === '') return undefined;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Error('must be an address such as http://127.0.0.1:4318, without a user and password');
  }
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

function readRatio(text: string): number {
  if (/^(0|1|[01]\.[0-9]+)$/.test(text) && Number(text) <= 1) return Number(text);
  throw new Error('must be a number from 0 to 1');
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

/** Where the socket of a server on this data folder is; undefined where it must not be trusted or cannot be. */
export function findSocket({ dataDir }: Config): string | undefined {
  const { socket } = dataFolderPaths(dataDir);
  return isSocketFolderSafe(socket, dataDir) ? socket : undefined;
}

/** Whether the data folder holds a database, or may: one that this user may not look into is no empty one. */
export function hasDatabase({ dataDir }: Config): boolean {
  try {
    return statSync(dataFolderPaths(dataDir).database, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
