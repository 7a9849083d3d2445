/** One connection to the SQLite file: its settings, its prepared statements, and what its errors mean. */
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { DomainError } from '../domain/errors.ts';
import type { Connection, Database } from './schema.ts';

export type SqliteDatabase = Sqlite.Database;

/** How long a statement waits for another connection's lock, in milliseconds. */
const busyTimeout = 5000;
/** When to ask again after the database could not do it, in seconds. */
const unavailableRetryAfter = 5;
/** Marks a database file as Roster's (`Rost`, in SQLite's header). */
export const applicationId = 0x52_6f_73_74;
/** Pages of the write-ahead log after which a commit copies them into the database. */
const checkpointPages = 4000;

/**
 * Opens the file. `synchronous=FULL`: a commit returns when the write-ahead log is on disk.
 *
 * @param options.readonly refuses every write
 * @param options.cacheMegabytes at most this much memory for pages
 */
export function openSqliteFile(file: string, options: { readonly: boolean; cacheMegabytes: number }): SqliteDatabase {
  const database = new Sqlite(file, { readonly: options.readonly, fileMustExist: true, timeout: busyTimeout });
  if (!options.readonly) {
    database.pragma('journal_mode = wal');
    database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  }
  database.pragma('synchronous = full');
  database.pragma('foreign_keys = on');
  database.pragma('trusted_schema = off');
  database.pragma(`cache_size = ${-1024 * options.cacheMegabytes}`);
  return database;
}

export function createConnection(database: SqliteDatabase): Connection {
  const prepared = new Map<string, Sqlite.Statement>();
  const prepare = (text: string): Sqlite.Statement => {
    let statement = prepared.get(text);
    if (statement === undefined) prepared.set(text, (statement = database.prepare(text)));
    return statement;
  };
  return {
    query: new Kysely<Database>({ dialect: new SqliteDialect({ database }) }),
    async all<Row>(text: string, parameters: readonly unknown[]) {
      return prepare(text).all(...parameters) as Row[];
    },
    async run(text, parameters) {
      return prepare(text).run(...parameters).changes;
    },
  };
}

/** What an error of the database means to a caller: `unavailable` for whatever the database could not do. */
export function translateSqliteError(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  const facts = { retryAfter: unavailableRetryAfter };
  return new DomainError('unavailable', facts, `database: ${error.code} ${error.message}`, { cause: error });
}

/** Whether the database threw it; `code` is one of SQLite's result codes, such as `SQLITE_FULL`. */
export function isSqliteError(error: unknown): error is Error & { code: string } {
  return error instanceof Sqlite.SqliteError;
}
