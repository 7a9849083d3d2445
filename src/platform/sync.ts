/** Brings files and names to the disk. */
import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Returns when the file's bytes are on disk. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** Returns when the folder's names are on disk. */
export function syncFolder(path: string): void {
  sync(path, 'r');
}

function sync(path: string, flags: string): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a whole file its name, only if that is still free, and brings the name to the disk. */
export function nameFinally(partial: string, file: string): void {
  linkSync(partial, file);
  rmSync(partial);
  syncFolder(dirname(file));
}

/** Writes a new file (0600), all of it or none: never overwrites, and leaves nothing half written. */
export function writeNewFile(file: string, text: string): void {
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  try {
    writeFileSync(partial, text, { mode: 0o600 });
    syncFile(partial);
    nameFinally(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
