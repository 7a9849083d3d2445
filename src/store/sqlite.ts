/**
 * The embedded store: one SQLite file, owned by one process. Reads are answered on the main thread's own connection
 * (point look-ups and short pages, from memory); every change goes to the thread that writes.
 */
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import type { Store } from '../domain/store.ts';
import { deriveAuditKeys } from '../domain/audit-chain.ts';
import { migrate } from './migrate.ts';
import {
  applicationId,
  createConnection,
  isSqliteError,
  openSqliteFile,
  type SqliteDatabase,
} from './sqlite-connection.ts';
import { StartError } from '../domain/start-error.ts';
import { rememberReads } from './remembered-reads.ts';
import { translateErrors } from './translated-reads.ts';
import { createTransaction } from './transaction.ts';
import { createFaultMemory, type StoreFault } from './store-fault.ts';
import { startWriter } from './writer.ts';
import type { CommitFacts } from './writer-messages.ts';

/** Databases up to this size are checked page by page at every start, in bytes. */
const quickCheckLimit = 64 * 1024 * 1024;
const readerCacheMegabytes = 32;

export interface SqliteStoreOptions {
  file: string;
  /** Proves that a secret key is the one this database was made with. */
  keyCheck: string;
  /** The key of all audit chains. */
  auditRoot: Uint8Array;
  onDeath: (error: Error) => void;
  /** Told what became of each commit. */
  onCommit?: (commit: CommitFacts) => void;
}

export interface OpenStore extends Store {
  /** Whether changes can be made now: undefined, or what is in the way. Costs next to nothing while all is well. */
  probe(): Promise<StoreFault | undefined>;
  /** Transactions that wait for their commit. */
  queueLength(): number;
  /** Finishes what was asked and closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens the store, brought to the program's version. Throws `StartError` when the database is damaged, newer than
 * the program, or was made with another secret key.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<OpenStore> {
  const { file, keyCheck, auditRoot, onDeath, onCommit } = options;
  prepareFile(file, keyCheck);
  const database = openSqliteFile(file, { readonly: true, cacheMegabytes: readerCacheMegabytes });
  const { read, forget } = rememberReads(
    translateErrors(createTransaction(createConnection(database), deriveAuditKeys(auditRoot))),
  );
  const faults = createFaultMemory();
  const writer = await startWriter(
    { file, auditRoot },
    {
      death: onDeath,
      commit(commit) {
        faults.note(commit);
        onCommit?.(commit);
      },
    },
  );
  return {
    read,
    transact: (name, input) => writer.transact(name, input).finally(() => forget(name)),
    probe: () => faults.probe(writer),
    queueLength: () => writer.queueLength(),
    async close() {
      // The writer's connection is the last one to close: that copies the write-ahead log into the database.
      database.close();
      await writer.close();
    },
  };
}

function prepareFile(file: string, keyCheck: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
  try {
    const database = openSqliteFile(file, { readonly: false, cacheMegabytes: readerCacheMegabytes });
    try {
      checkPages(file, database);
      database.pragma(`application_id = ${applicationId}`);
      migrate(migrationTarget(database));
      checkKey(database, keyCheck);
    } finally {
      database.close();
    }
  } catch (error) {
    if (isSqliteError(error)) throw explainOpenFailure(file, error);
    throw error;
  }
}

function checkPages(file: string, database: SqliteDatabase): void {
  if (statSync(file).size > quickCheckLimit) return;
  const [first] = database.pragma('quick_check(1)') as { quick_check: string }[];
  if (first?.quick_check !== 'ok') throw damaged(file, first?.quick_check ?? 'no answer');
}

function checkKey(database: SqliteDatabase, keyCheck: string): void {
  const insert = database.prepare(
    `insert into installation (name, value) values ('key_check', ?) on conflict do nothing`,
  );
  insert.run(keyCheck);
  const row = database.prepare(`select value from installation where name = 'key_check'`).get() as { value: string };
  if (row.value === keyCheck) return;
  throw new StartError(
    'The secret key is not the one this database was made with.',
    'Put the right secret.key back (ROSTER_SECRET_KEY_FILE names it when it is kept elsewhere).',
  );
}

function migrationTarget(database: SqliteDatabase): Parameters<typeof migrate>[0] {
  return {
    readVersion() {
      const table = database.prepare(`select 1 from sqlite_master where type = 'table' and name = 'migrations'`).get();
      if (table === undefined) return 0;
      const row = database.prepare('select max(version) as version from migrations').get() as {
        version: number | null;
      };
      return row.version ?? 0;
    },
    apply(version, name, statements) {
      database.transaction(() => {
        database.exec(
          `create table if not exists migrations (version integer not null primary key, name text not null,
            applied_at bigint not null)`,
        );
        for (const statement of statements) database.exec(statement);
        const record = database.prepare('insert into migrations (version, name, applied_at) values (?, ?, ?)');
        record.run(version, name, Date.now());
      })();
    },
  };
}

function damaged(file: string, what: string, cause?: Error): StartError {
  return new StartError(
    `The database ${file} is damaged (${what}). Roster does not start on it, so that no more is lost.`,
    'Copy the whole data folder away first, then put the newest backup in its place.',
    { cause },
  );
}

function explainOpenFailure(file: string, error: Error & { code: string }): StartError {
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code.startsWith('SQLITE_NOTADB')) {
    return damaged(file, error.message, error);
  }
  return new StartError(
    `The database ${file} cannot be opened: ${error.message} (${error.code}).`,
    'Check that the folder is writable, that the disk has space, and that the file belongs to the user who runs Roster.',
    { cause: error },
  );
}
