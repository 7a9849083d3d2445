/** The folder everything is kept in, readable by its owner alone, and the paths in it. */
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { StartError } from '../domain/start-error.ts';

export interface DataFolder {
  database: string;
  secretKey: string;
  lock: string;
  socket: string;
}

/** Longest path of a Unix socket that every supported system takes, in bytes. */
const maxSocketPath = 100;

/**
 * The paths in a data folder. Where the folder's own path is too long for a socket, the socket stands in a private
 * folder under the system's temporary one, named after the data folder's path.
 */
export function dataFolderPaths(folder: string): DataFolder {
  const inside = join(folder, 'roster.sock');
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  const elsewhere = join(tmpdir(), `roster-${digest}`, 'roster.sock');
  return {
    database: join(folder, 'roster.db'),
    secretKey: join(folder, 'secret.key'),
    lock: join(folder, 'roster.lock'),
    socket: Buffer.byteLength(inside) <= maxSocketPath ? inside : elsewhere,
  };
}

/** Files that show a folder to be Roster's own. */
const ownFiles = ['roster.db', 'roster.lock', 'secret.key'];

/**
 * Makes a folder (0700) where there is none, and closes one that others may read; never one that holds others' files.
 * Throws `StartError` when it cannot be made or used.
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const entries = readdirSync(folder).filter((name) => name !== 'lost+found');
    if ((statSync(folder).mode & 0o077) === 0) return;
    if (entries.length > 0 && !ownFiles.some((name) => entries.includes(name))) {
      throw new Error("others may read it, and it holds files that are not Roster's");
    }
    chmodSync(folder, 0o700);
  } catch (error) {
    throw new StartError(
      `The data folder ${folder} cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
      'Make it writable for the user who runs Roster, or name another, empty one with ROSTER_DATA_DIR.',
      { cause: error },
    );
  }
}

/**
 * Whether a socket's folder belongs to the owner of the data folder and lets nobody else in. In a temporary folder, where
 * anybody could have put one of this name, it must be so before a password goes into it.
 */
export function isSocketFolderSafe(socket: string, dataDir: string): boolean {
  const folder = lstatSync(dirname(socket), { throwIfNoEntry: false });
  const data = statSync(dataDir, { throwIfNoEntry: false });
  if (folder === undefined || data === undefined) return false;
  return folder.isDirectory() && folder.uid === data.uid && (folder.mode & 0o077) === 0;
}
