/**
 * What is kept how long. Trimming goes in small transactions with pauses between them, so that nobody in the foreground
 * notices it; what a transaction did not reach, the next one does.
 */
import type { Clock } from './ports.ts';
import type { Store } from './store.ts';
import { localDay } from './time-zone.ts';

const dayLength = 24 * 3_600_000;
/** Days for which a token's uses are kept. */
const usageDays = 400;

export interface TrimOptions {
  store: Store;
  clock: Clock;
  /** Days for which audit events are kept; 0: for ever. */
  auditDays: number;
  /** Waits between two transactions; says false when the server stops. */
  pause: () => Promise<boolean>;
}

/** Trims every operation until there is nothing left to trim. */
export async function trimAll({ store, clock, auditDays, pause }: TrimOptions): Promise<void> {
  for (const { operationId } of await store.read.operations.list()) {
    const now = clock.now();
    const usageDay = localDay('UTC', now - usageDays * dayLength).day;
    const auditBefore = auditDays === 0 ? null : now - auditDays * dayLength;
    while (await store.transact('trim', { operationId, now, usageDay, auditBefore })) {
      if (!(await pause())) return;
    }
    if (!(await pause())) return;
  }
}
