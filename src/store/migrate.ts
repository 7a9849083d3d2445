/** Brings a database to the program's version: forward only, a migration a transaction. */
import { StartError } from '../domain/start-error.ts';
import { migrations } from './migrations/index.ts';

/** What migrating needs of a database. */
export interface MigrationTarget {
  /** Versions applied so far; none when the table of migrations is missing. */
  readVersion(): number;
  /** Applies statements and records the version, all or nothing. */
  apply(version: number, name: string, statements: readonly string[]): void;
}

/** The version this program knows. */
export const programVersion = migrations.length;

/** Applies what is missing. Throws `StartError` for a database newer than the program. */
export function migrate(target: MigrationTarget): void {
  const version = target.readVersion();
  if (version > programVersion) {
    throw new StartError(
      `The database has version ${version}, this program knows versions up to ${programVersion}.`,
      'Start the newer Roster that wrote it, or restore a backup made before the upgrade.',
    );
  }
  for (const [index, { name, statements }] of migrations.entries()) {
    if (index >= version) target.apply(index + 1, name, statements);
  }
}
