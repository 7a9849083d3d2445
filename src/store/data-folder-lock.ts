/**
 * One process a data folder. The lock is the operating system's own, on a small SQLite file held open in an exclusive
 * transaction: it ends with the process however that ends, and no stale file can keep anybody out.
 */
import Sqlite from 'better-sqlite3';
import { closeSync, openSync } from 'node:fs';
import { isSqliteError } from './sqlite-connection.ts';

export interface FolderLock {
  release(): void;
}

/** Takes the lock, or gives undefined when another process holds it. Throws when the file cannot be written. */
export function lockDataFolder(file: string): FolderLock | undefined {
  closeSync(openSync(file, 'a', 0o600));
  const database = new Sqlite(file, { timeout: 0 });
  try {
    database.pragma('journal_mode = memory');
    database.exec('begin exclusive');
    return { release: () => void database.close() };
  } catch (error) {
    database.close();
    if (isSqliteError(error) && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
