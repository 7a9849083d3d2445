/** Looks an installation over, running or not, and says what is wrong and what to do. Changes nothing. */
import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { type Config, type ConfigSources, readConfig } from './config.ts';
import { StartError } from './domain/start-error.ts';
import { isTokenSecret, parseToken } from './domain/token-text.ts';
import { dataFolderPaths } from './platform/data-folder.ts';
import { readSecretKey } from './platform/secret-key.ts';
import { lockDataFolder } from './store/data-folder-lock.ts';
import { type DatabaseFacts, inspectDatabase } from './store/sqlite-backup.ts';
import { findStoredToken } from './store/sqlite-token.ts';

export interface Finding {
  subject: string;
  state: 'good' | 'warning' | 'bad';
  /** What was found. */
  message: string;
  /** What to do about it; empty where nothing needs doing. */
  remedy: string;
}

/** Free space below which an installation is in danger, in bytes. */
const lowSpace = 256 * 1024 * 1024;
/** How far the clock may be behind the newest event, in milliseconds. */
const clockTolerance = 60_000;

const good = (subject: string, message: string): Finding => ({ subject, state: 'good', message, remedy: '' });
const bad = (subject: string, message: string, remedy: string): Finding => ({ subject, state: 'bad', message, remedy });
const warn = (subject: string, message: string, remedy: string): Finding => ({
  subject,
  state: 'warning',
  message,
  remedy,
});

/** Examines everything it can; a part that cannot be examined is a finding, never an exception. */
export async function examine(sources: ConfigSources, tokenText: string | undefined): Promise<Finding[]> {
  let config: Config;
  try {
    ({ config } = readConfig(sources));
  } catch (error) {
    return [explain('configuration', error)];
  }
  const findings = [good('configuration', 'every setting can be read and none contradicts another')];
  if (!existsSync(config.dataDir)) {
    const remedy = 'Start the server once to make it, or name another with --data-dir.';
    return [...findings, bad('data folder', `there is no folder ${config.dataDir}`, remedy)];
  }
  const { database, secretKey, lock } = dataFolderPaths(config.dataDir);
  const keyFile = config.secretKeyFile ?? secretKey;
  findings.push(examineRights(config.dataDir, [database, keyFile]), examineServer(lock));
  const facts = attempt('database', findings, () => inspectDatabase(database, damagedRemedy));
  if (facts !== undefined) findings.push(describeDatabase(database, facts), examineClock(facts));
  findings.push(examineKey(keyFile, facts), await examineDisk(config.dataDir));
  if (tokenText !== undefined) findings.push(examineToken(database, tokenText));
  return findings;
}

const damagedRemedy = 'Copy the whole data folder away first, then restore the newest backup into an empty one.';

function explain(subject: string, error: unknown): Finding {
  if (error instanceof StartError) return bad(subject, error.message, error.remedy);
  return bad(
    subject,
    error instanceof Error ? error.message : String(error),
    'Run this as the user who runs the server.',
  );
}

function attempt<Result>(subject: string, findings: Finding[], work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    findings.push(explain(subject, error));
    return undefined;
  }
}

function examineRights(folder: string, files: readonly string[]): Finding {
  const open = [folder, ...files].filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
  if (open.length === 0) return good('data folder', `${folder}, readable by its owner alone`);
  return bad('data folder', `others may read ${open.join(', ')}`, `chmod -R go= ${folder}`);
}

function examineServer(lockFile: string): Finding {
  const lock = existsSync(lockFile) ? lockDataFolder(lockFile) : undefined;
  lock?.release();
  const isRunning = existsSync(lockFile) && lock === undefined;
  return good('server', isRunning ? 'a server runs on this folder' : 'no server runs on this folder');
}

function describeDatabase(file: string, { version, operations, agents }: DatabaseFacts): Finding {
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  return good('database', `whole; version ${version}, ${operations} operations, ${agents} agents, ${megabytes} MB`);
}

function examineClock({ newestEvent }: DatabaseFacts): Finding {
  const now = Date.now();
  const time = new Date(now).toISOString();
  if (newestEvent <= now + clockTolerance) return good('clock', `${time}, not before the newest audit event`);
  const message = `${time}, but the newest audit event is of ${new Date(newestEvent).toISOString()}`;
  return bad(
    'clock',
    message,
    'Set the clock; expiry, daily limits and the audit trail depend on it. NTP keeps it right.',
  );
}

function examineKey(file: string, facts: DatabaseFacts | undefined): Finding {
  if (!existsSync(file))
    return bad('secret key', `there is no file ${file}`, 'Put the key back from where it is kept.');
  const findings: Finding[] = [];
  const key = attempt('secret key', findings, () => readSecretKey(file));
  const [problem] = findings;
  if (problem !== undefined) return problem;
  if (facts !== undefined && key?.check !== facts.keyCheck) {
    return bad('secret key', `${file} is not the key this database was made with`, 'Put the right key back.');
  }
  return good('secret key', facts === undefined ? 'has the form of a key' : 'fits the database');
}

async function examineDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB are free`;
  if (free >= lowSpace) return good('disk', message);
  return warn('disk', message, 'Make space: with a full disk creates are refused until there is some.');
}

function examineToken(database: string, text: string): Finding {
  const parsed = parseToken(text.trim());
  if (parsed === undefined) {
    const remedy = 'Copy the whole token again; if it is lost, make another with "roster token create".';
    return bad('token', 'has not the form of a token, or is mistyped (its checksum does not fit)', remedy);
  }
  const findings: Finding[] = [];
  const stored = attempt('token', findings, () => findStoredToken(database, parsed.operationId, parsed.tokenId));
  const [problem] = findings;
  if (problem !== undefined) return problem;
  const make = 'Make one with "roster token create".';
  if (stored === undefined) return bad('token', `is not known in operation ${parsed.operationId}`, make);
  if (!isTokenSecret(parsed.secret, stored.secretHash)) return bad('token', 'is not the one that was shown', make);
  if (stored.revokedAt !== null)
    return bad('token', `was revoked on ${new Date(stored.revokedAt).toISOString()}`, make);
  if (stored.expiresAt !== null && stored.expiresAt <= Date.now()) {
    return bad('token', `expired on ${new Date(stored.expiresAt).toISOString()}`, make);
  }
  const networks = stored.allowedNetworks.length === 0 ? 'anywhere' : stored.allowedNetworks.join(', ');
  const limit = stored.dailyLimit === null ? 'without daily limit' : `${stored.dailyLimit} a day`;
  const scopes = stored.scopes.join(' ');
  return good('token', `${parsed.tokenId} of operation ${parsed.operationId}: ${scopes}; from ${networks}; ${limit}`);
}
