/** Writes the words of new agents in the background, a little at a time. */
import type { Store } from './store.ts';

export interface AgentIndexer {
  /** Remembers that the operation has agents whose words are not written. */
  note(operationId: string): void;
  /** Writes words of every operation noted, in at most so many transactions; the rest stays noted. */
  work(maxTransactions: number): Promise<void>;
}

/** Starts with every operation noted: what a stop left undone is found. */
export function createAgentIndexer(store: Store): AgentIndexer {
  const noted = new Set<string>();
  let isFirst = true;
  let isWorking = false;
  return {
    note: (operationId) => void noted.add(operationId),
    async work(maxTransactions) {
      if (isWorking) return;
      isWorking = true;
      try {
        if (isFirst) for (const { operationId } of await store.read.operations.list()) noted.add(operationId);
        isFirst = false;
        let left = maxTransactions;
        for (const operationId of [...noted]) {
          noted.delete(operationId);
          let hasMore = true;
          while (hasMore && left > 0) {
            left -= 1;
            hasMore = await store.transact('indexAgents', { operationId });
          }
          if (hasMore) noted.add(operationId);
          if (left <= 0) return;
        }
      } finally {
        isWorking = false;
      }
    },
  };
}
