/** The installation's secret key: 32 random bytes in a file of its own, and what is derived from it. */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { StartError } from '../domain/start-error.ts';
import { writeNewFile } from './sync.ts';

const keyLength = 32;

export interface SecretKey {
  /** Proves the key without telling it; kept in the database. */
  check: string;
  /** The root of the audit chains' keys. */
  auditRoot: Uint8Array;
}

/**
 * Reads the key, or makes it where there is no database yet. Throws `StartError` when the key of an existing database is
 * missing, or when the file does not hold a key.
 */
export function loadSecretKey(file: string, databaseExists: boolean): SecretKey {
  if (!existsSync(file)) {
    if (databaseExists) {
      throw new StartError(
        `The secret key ${file} is missing, but a database made with it is there.`,
        'Put the key back from where it is kept; without it the audit trail cannot be continued.',
      );
    }
    makeKey(file);
  }
  return readSecretKey(file);
}

function makeKey(file: string): void {
  try {
    writeNewFile(file, `${randomBytes(keyLength).toString('hex')}\n`);
  } catch (error) {
    throw new StartError(
      `The secret key ${file} cannot be written: ${describe(error)}.`,
      'Make its folder writable, and make space.',
    );
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StartError(
      `The secret key ${file} cannot be read: ${describe(error)}.`,
      'Name a file that this user may read.',
    );
  }
}

/** Reads a key that is there. Throws `StartError` when the file does not hold one. */
export function readSecretKey(file: string): SecretKey {
  const text = readText(file);
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new StartError(
      `The file ${file} does not hold a secret key (64 hexadecimal digits).`,
      'Put the right key back from where it is kept.',
    );
  }
  const key = Buffer.from(text, 'hex');
  const derive = (purpose: string): Buffer => createHmac('sha256', key).update(`roster ${purpose} 1`).digest();
  return { check: derive('key check').toString('hex'), auditRoot: derive('audit') };
}
