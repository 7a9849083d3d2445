/** Counts what happens, and tells whoever waits when so much has happened. */

export interface Counter {
  count: () => number;
  add: () => void;
  /** Settles when the count is that much. */
  reach: (count: number) => Promise<void>;
}

export function createCounter(): Counter {
  let total = 0;
  let waiting: { count: number; resolve: () => void }[] = [];
  const settle = (): void => {
    const reached = waiting.filter(({ count }) => count <= total);
    if (reached.length === 0) return;
    waiting = waiting.filter(({ count }) => count > total);
    for (const { resolve } of reached) resolve();
  };
  return {
    count: () => total,
    add() {
      total += 1;
      settle();
    },
    reach(count) {
      return new Promise((resolve) => {
        waiting.push({ count, resolve });
        settle();
      });
    },
  };
}
