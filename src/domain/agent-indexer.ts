/** Writes the words of new agents in the background, a little at a time. */
import type { Clock } from './ports.ts';
import type { Store } from './store.ts';

export interface AgentIndexer {
  /** Remembers that the operation has agents whose words are not written. */
  note(operationId: string): void;
  /**
   * Writes words of every operation noted until that has taken `budget` milliseconds, a tenth of it beside many creates;
   * the rest stays noted.
   */
  work(budget: number): Promise<void>;
}

/** Creates between two times of work that make a server a busy one: then words can wait. */
const manyCreates = 500;
const busyShare = 0.1;

/** Starts with every operation noted: what a stop left undone is found. */
export function createAgentIndexer(store: Store, clock: Clock): AgentIndexer {
  const noted = new Set<string>();
  let isFirst = true;
  let isWorking = false;
  /** Agents noted since words were last written. */
  let created = 0;

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
    const until = clock.now() + (created > manyCreates ? budget * busyShare : budget);
    created = 0;
    for (const operationId of Array.from(noted)) {
      noted.delete(operationId);
      if (!(await index(operationId, until))) noted.add(operationId);
      if (clock.now() >= until) return;
    }
  }

  return {
    note(operationId) {
      noted.add(operationId);
      created += 1;
    },
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
