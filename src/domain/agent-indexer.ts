/** Writes the words of new agents in the background, a little at a time. */
import type { Clock } from './ports.ts';
import type { Store } from './store.ts';

export interface AgentIndexer {
  /** Remembers that the operation has agents whose words are not written. */
  note(operationId: string): void;
  /**
   * Writes words of every operation noted until that has taken `budget` milliseconds; the rest stays noted. The time is
   * the store's: beside many creates it buys less than on an idle server.
   */
  work(budget: number): Promise<void>;
}

/** Starts with every operation noted: what a stop left undone is found. */
export function createAgentIndexer(store: Store, clock: Clock): AgentIndexer {
  const noted = new Set<string>();
  let isFirst = true;
  let isWorking = false;

  /** Says whether the operation is done. */
  async function index(operationId: string, until: number): Promise<boolean> {
    while (await store.transact('indexAgents', { operationId })) {
      if (clock.now() >= until) return false;
    }
    return true;
  }

  async function work(budget: number): Promise<void> {
    if (isFirst) for (const { operationId } of await store.read.operations.list()) noted.add(operationId);
    isFirst = false;
    const until = clock.now() + budget;
    for (const operationId of Array.from(noted)) {
      noted.delete(operationId);
      if (!(await index(operationId, until))) noted.add(operationId);
      if (clock.now() >= until) return;
    }
  }

  return {
    note: (operationId) => void noted.add(operationId),
    async work(budget) {
      if (isWorking) return;
      isWorking = true;
      try {
        await work(budget);
      } finally {
        isWorking = false;
      }
    },
  };
}
