/**
 * Refusals of known tokens, on their way into the audit trail: one event per token, reason, address and minute with a
 * count. They are written later, and at most so many a minute, so that nobody can fill the trail by asking wrongly.
 */
import type { Clock } from './ports.ts';
import type { NewAuditEvent, TokenRecord } from './records.ts';
import type { Store } from './store.ts';

export type RefusalReason = 'revoked' | 'expired' | 'network' | 'scope' | 'allowance';

export interface RefusalCounter {
  count(token: TokenRecord, reason: RefusalReason, address: string): void;
  /**
   * Writes what was counted in minutes that are over, or all of it; what could not be written stays counted.
   */
  flush(which: 'ended' | 'all'): Promise<void>;
}

/** Kinds counted at once; beyond them, further addresses of a token and reason are counted together. */
const maxKinds = 1000;
/** Stands for the addresses that are counted together. */
export const otherAddresses = 'others';

interface Refusal {
  token: TokenRecord;
  reason: RefusalReason;
  address: string;
  minute: number;
  count: number;
}

export function createRefusalCounter(store: Store, clock: Clock): RefusalCounter {
  let pending = new Map<string, Refusal>();

  function add(refusal: Refusal): void {
    const { token, reason, minute } = refusal;
    const kind = `${token.operationId} ${token.tokenId} ${reason} ${minute}`;
    let key = `${kind} ${refusal.address}`;
    let { address } = refusal;
    if (!pending.has(key) && pending.size >= maxKinds) {
      key = `${kind} ${otherAddresses}`;
      address = otherAddresses;
    }
    const entry = pending.get(key);
    if (entry === undefined) pending.set(key, { ...refusal, address });
    else entry.count += refusal.count;
  }

  async function write(operationId: string, refusals: readonly Refusal[]): Promise<void> {
    try {
      await store.transact('recordEvents', { operationId, events: refusals.map((refusal) => describe(refusal)) });
    } catch (error) {
      for (const refusal of refusals) add(refusal);
      throw error;
    }
  }

  return {
    count(token, reason, address) {
      add({ token, reason, address, minute: Math.floor(clock.now() / 60_000), count: 1 });
    },
    async flush(which) {
      const minute = which === 'all' ? Number.POSITIVE_INFINITY : Math.floor(clock.now() / 60_000);
      const ended = [...pending].filter(([, refusal]) => refusal.minute < minute);
      const counted = Map.groupBy(
        ended.map(([, refusal]) => refusal),
        ({ token }) => token.operationId,
      );
      pending = new Map([...pending].filter(([, refusal]) => refusal.minute >= minute));
      const results = await Promise.allSettled([...counted].map(([operationId, list]) => write(operationId, list)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

function describe({ token, reason, address, minute, count }: Refusal): NewAuditEvent {
  return {
    occurredAt: minute * 60_000,
    actor: `token:${token.tokenId}`,
    action: 'token.refused',
    subject: token.tokenId,
    outcome: 'refused',
    requestId: '',
    address,
    details: { reason, count },
  };
}
