/** The folder everything is kept in, readable by its owner alone, and the paths in it. */
import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
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

/** Makes a folder (0700) where there is none. Throws `StartError` when it cannot be made or written. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch (error) {
    throw new StartError(
      `The data folder ${folder} cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
      'Make it writable for the user who runs Roster, or name another with ROSTER_DATA_DIR.',
      { cause: error },
    );
  }
}
