/**
 * One process a data folder. The lock is the operating system's own, on a small SQLite file held open in an exclusive
 * transaction: it ends with the process however that ends, and no stale file can keep anybody out.
 */
import Sqlite from 'better-sqlite3';
import { closeSync, openSync } from 'node:fs';
import { StartError } from '../domain/start-error.ts';
import { isSqliteError } from './sqlite-connection.ts';

export interface FolderLock {
  release(): void;
}

/** Takes the lock, or gives undefined when another process holds it. Throws `StartError` when it cannot be written. */
export function lockDataFolder(file: string): FolderLock | undefined {
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The lock ${file} cannot be written: ${reason}.`,
      'Make the data folder writable, and make space.',
    );
  }
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
