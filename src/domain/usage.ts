/**
 * What tokens use. A token with a daily limit takes each use durably before its request goes on, so the limit holds
 * through a crash; of one without, uses and last use are counted in memory and written by `flush` (a crash loses what
 * was counted since).
 */
import { DomainError } from './errors.ts';
import type { Clock } from './ports.ts';
import type { OperationRecord, TokenRecord } from './records.ts';
import type { Store } from './store.ts';
import { localDay } from './time-zone.ts';

export interface UsageCounter {
  /**
   * Takes one use of the token's day. Throws `daily_limit_reached`, with the seconds until the day ends.
   */
  consume(operation: OperationRecord, token: TokenRecord): Promise<void>;
  /** Remembers that the token was used now. */
  touch(token: TokenRecord): void;
  /** Today's uses of each token of an operation, written or not. */
  today(operation: OperationRecord): Promise<Map<string, number>>;
  /** Writes what was counted; what could not be written stays counted. */
  flush(): Promise<void>;
}

interface Pending {
  uses: Map<string, { tokenId: string; day: string; uses: number }>;
  lastUsed: Map<string, number>;
}

export function createUsageCounter(store: Store, clock: Clock): UsageCounter {
  let pending = new Map<string, Pending>();

  function pendingOf(operationId: string): Pending {
    let found = pending.get(operationId);
    if (found === undefined) pending.set(operationId, (found = { uses: new Map(), lastUsed: new Map() }));
    return found;
  }

  function add(operationId: string, tokenId: string, day: string, uses: number): void {
    const { uses: counted } = pendingOf(operationId);
    const key = `${tokenId} ${day}`;
    const entry = counted.get(key);
    if (entry === undefined) counted.set(key, { tokenId, day, uses });
    else entry.uses += uses;
  }

  async function write(operationId: string, counted: Pending): Promise<void> {
    const uses = [...counted.uses.values()];
    const lastUsed = [...counted.lastUsed].map(([tokenId, at]) => ({ tokenId, at }));
    try {
      await store.transact('recordUses', { operationId, uses, lastUsed });
    } catch (error) {
      for (const use of uses) add(operationId, use.tokenId, use.day, use.uses);
      for (const { tokenId, at } of lastUsed) {
        const last = pendingOf(operationId).lastUsed;
        last.set(tokenId, Math.max(at, last.get(tokenId) ?? 0));
      }
      throw error;
    }
  }

  return {
    async consume(operation, token) {
      const { operationId, tokenId, dailyLimit } = token;
      const now = clock.now();
      const { day, endsAt } = localDay(operation.timeZone, now);
      if (dailyLimit === null) return add(operationId, tokenId, day, 1);
      if (await store.transact('consumeDailyUse', { operationId, tokenId, day, limit: dailyLimit })) return;
      throw new DomainError('daily_limit_reached', { retryAfter: Math.ceil((endsAt - now) / 1000) });
    },
    touch(token) {
      pendingOf(token.operationId).lastUsed.set(token.tokenId, clock.now());
    },
    async today(operation) {
      const { day } = localDay(operation.timeZone, clock.now());
      const written = await store.read.usage.listForDay(operation.operationId, day);
      const total = new Map(written.map(({ tokenId, uses }) => [tokenId, uses]));
      for (const entry of pending.get(operation.operationId)?.uses.values() ?? []) {
        if (entry.day === day) total.set(entry.tokenId, (total.get(entry.tokenId) ?? 0) + entry.uses);
      }
      return total;
    },
    async flush() {
      const counted = pending;
      pending = new Map();
      const results = await Promise.allSettled([...counted].map(([operationId, entry]) => write(operationId, entry)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
