/** Backup of an installation beside a running server, and restore into an empty data folder. */
import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from './config.ts';
import { StartError } from './domain/start-error.ts';
import { dataFolderPaths, prepareFolder } from './platform/data-folder.ts';
import { readSecretKey } from './platform/secret-key.ts';
import { nameFinally, syncFile, syncFolder } from './platform/sync.ts';
import { lockDataFolder } from './store/data-folder-lock.ts';
import { copyDatabase, type DatabaseFacts, inspectDatabase } from './store/sqlite-backup.ts';

export interface BackupReport extends DatabaseFacts {
  file: string;
  bytes: number;
  /** Where the secret key was written, when that was asked for. */
  keyFile: string | undefined;
}

/** Where the secret key of a backup stands, when it was asked for. */
export function backupKeyFile(file: string): string {
  return `${file}.secret.key`;
}

/**
 * Writes the database as it is now to a file of its own, checked and on disk before it gets its name. Works beside a
 * running server. Throws `StartError`: nothing to back up, the file exists, no space. Leaves nothing half written.
 */
export function backUp(config: Config, target: string, withSecretKey: boolean): BackupReport {
  process.umask(0o077);
  const paths = dataFolderPaths(config.dataDir);
  const file = resolve(target);
  if (!existsSync(paths.database)) {
    throw new StartError(`There is no database in ${config.dataDir}.`, 'Name the data folder with --data-dir.');
  }
  const keyFile = withSecretKey ? backupKeyFile(file) : undefined;
  for (const path of [file, keyFile]) refuseToOverwrite(path);
  const partial = `${file}.partial`;
  try {
    rmSync(partial, { force: true });
    copyDatabase(paths.database, partial);
    const facts = inspectDatabase(partial, 'Try again; if it happens again, run "roster doctor".');
    if (keyFile !== undefined) {
      copyFileSync(config.secretKeyFile ?? paths.secretKey, keyFile);
      syncFile(keyFile);
    }
    nameFinally(partial, file);
    return { ...facts, file, bytes: statSync(file).size, keyFile };
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The backup could not be written: ${reason}.`,
      'Check that the folder is writable and has space.',
      {
        cause: error,
      },
    );
  } finally {
    rmSync(partial, { force: true });
  }
}

/**
 * Puts a backup in place of a database that is not there yet. Throws `StartError`: a server runs there, a database is
 * there, the backup is damaged, foreign or newer, or the secret key is missing or another one.
 */
export function restore(config: Config, source: string): BackupReport {
  process.umask(0o077);
  const file = resolve(source);
  prepareFolder(config.dataDir);
  const paths = dataFolderPaths(config.dataDir);
  const lock = lockDataFolder(paths.lock);
  if (lock === undefined) {
    throw new StartError(`A Roster is running on the data folder ${config.dataDir}.`, 'Stop it before you restore.');
  }
  const partial = `${paths.database}.partial`;
  try {
    refuseToOverwrite(paths.database);
    const facts = inspectDatabase(file, 'Name a file that "roster backup" wrote, whole.');
    const keyFile = placeSecretKey(config.secretKeyFile ?? paths.secretKey, backupKeyFile(file), facts);
    rmSync(partial, { force: true });
    copyFileSync(file, partial);
    syncFile(partial);
    nameFinally(partial, paths.database);
    return { ...facts, file: paths.database, bytes: statSync(paths.database).size, keyFile };
  } finally {
    rmSync(partial, { force: true });
    lock.release();
  }
}

function refuseToOverwrite(path: string | undefined): void {
  if (path === undefined || !existsSync(path)) return;
  throw new StartError(`${path} exists already. Nothing is ever overwritten.`, 'Move it away, or name another.');
}

/** Makes sure that the right key is in place, copied from beside the backup where it stands there. */
function placeSecretKey(place: string, beside: string, { keyCheck }: DatabaseFacts): string | undefined {
  const from = existsSync(place) ? place : beside;
  if (!existsSync(from)) {
    throw new StartError(
      `The secret key of this backup is neither at ${place} nor at ${beside}.`,
      'Put the key file of the installation that was backed up in one of these places and restore again.',
    );
  }
  if (readSecretKey(from).check !== keyCheck) {
    throw new StartError(
      `The secret key in ${from} is not the one of this backup.`,
      'Put the right key there and restore again.',
    );
  }
  if (from === place) return undefined;
  copyFileSync(beside, place);
  syncFile(place);
  syncFolder(dirname(place));
  return place;
}
