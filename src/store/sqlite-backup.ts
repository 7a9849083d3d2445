/**
 * A copy of the database as it is at one moment, made while it is in use: `VACUUM INTO` reads one snapshot of the
 * write-ahead log and holds up no writer. The copy is a database of its own, compact and complete.
 */
import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { StartError } from '../domain/start-error.ts';
import { applicationId, isSqliteError, openSqliteFile, type SqliteDatabase } from './sqlite-connection.ts';
import { programVersion } from './migrate.ts';

/** Writes the copy and brings it to the disk. Throws what SQLite throws, such as `SQLITE_FULL`. */
export function copyDatabase(file: string, target: string): void {
  const database = openSqliteFile(file, { readonly: true, cacheMegabytes: 16 });
  try {
    database.prepare('vacuum into ?').run(target);
  } finally {
    database.close();
  }
  const handle = openSync(target, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

export interface DatabaseFacts {
  /** The version of its tables. */
  version: number;
  keyCheck: string;
  operations: number;
  agents: number;
  /** When its newest audit event happened, in milliseconds since 1970 UTC; 0 where there is none. */
  newestEvent: number;
}

/**
 * Reads a database file from its first page to its last and says what it holds. Throws `StartError` when it is damaged or
 * cut off, not Roster's, or newer than the program; `remedy` is what that says to do.
 */
export function inspectDatabase(file: string, remedy: string): DatabaseFacts {
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`, remedy);
  try {
    const database = openSqliteFile(file, { readonly: true, cacheMegabytes: 64 });
    try {
      return readFacts(file, database, remedy);
    } finally {
      database.close();
    }
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    throw new StartError(`${file} is damaged, cut off, or no database: ${error.message}.`, remedy, { cause: error });
  }
}

function readFacts(file: string, database: SqliteDatabase, remedy: string): DatabaseFacts {
  if (database.pragma('application_id', { simple: true }) !== applicationId) {
    throw new StartError(`${file} is a database, but not one of Roster's.`, remedy);
  }
  const [first] = database.pragma('quick_check(1)') as { quick_check: string }[];
  if (first?.quick_check !== 'ok')
    throw new StartError(`${file} is damaged: ${first?.quick_check ?? 'no answer'}.`, remedy);
  const one = <Row>(sql: string): Row => database.prepare(sql).get() as Row;
  const { version } = one<{ version: number }>('select max(version) as version from migrations');
  if (version > programVersion) {
    throw new StartError(
      `${file} has version ${version}, this program knows versions up to ${programVersion}.`,
      remedy,
    );
  }
  const counts = one<{ operations: number; agents: number }>(
    'select count(*) as operations, coalesce(sum(next_agent_id - 10000), 0) as agents from counters',
  );
  const newest = one<{ at: number | null }>(
    `select max(occurred_at) as at from counters join audit_events
     on audit_events.operation_id = counters.operation_id and audit_events.seq = counters.audit_seq`,
  );
  const key = one<{ value: string }>(`select value from installation where name = 'key_check'`);
  return { version, keyCheck: key.value, ...counts, newestEvent: newest.at ?? 0 };
}
