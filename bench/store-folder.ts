/** An empty store of the program's own schema in a temporary folder, for measurements without a server. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultAssignedLength } from '../src/domain/assigned-password.ts';
import { type OpenStore, openSqliteStore } from '../src/store/sqlite.ts';

export const operationId = '0001';

export interface StoreFolder {
  file: string;
  /** The key of all audit chains. */
  auditRoot: Uint8Array;
  store: OpenStore;
  /** Closes the store, if nobody did, and removes the folder. */
  remove: () => Promise<void>;
}

/** Makes a store with one operation. */
export async function makeStore(): Promise<StoreFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'));
  const file = join(folder, 'roster.db');
  const auditRoot = randomBytes(32);
  const onDeath = (error: Error): never => {
    throw error;
  };
  const store = await openSqliteStore({ file, keyCheck: 'bench', auditRoot, onDeath });
  const createdAt = Date.now();
  await store.transact('addOperation', {
    operation: {
      operationId,
      name: '',
      timeZone: 'UTC',
      unknownFields: 'ignore',
      assignedPasswordLength: defaultAssignedLength,
      createdAt,
    },
    origin: { occurredAt: createdAt, actor: 'system', requestId: '', address: '' },
  });
  return {
    file,
    auditRoot,
    store,
    async remove() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
