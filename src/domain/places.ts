/**
 * A token's places of simultaneous use, within one process. A request that finds no place is refused at once, never
 * queued.
 */

export interface Place {
  /** Gives the place back; a second call does nothing. */
  release(): void;
}

export interface Places {
  /** Takes one of `limit` places, or gives undefined when all are taken. */
  take(operationId: string, tokenId: string, limit: number): Place | undefined;
}

/** Places kept in this process's memory: for a store that one process owns. */
export function createPlaces(): Places {
  const taken = new Map<string, number>();
  return {
    take(operationId, tokenId, limit) {
      const key = `${operationId}_${tokenId}`;
      const inUse = taken.get(key) ?? 0;
      if (inUse >= limit) return undefined;
      taken.set(key, inUse + 1);
      let held = true;
      return {
        release() {
          if (!held) return;
          held = false;
          const left = (taken.get(key) ?? 1) - 1;
          if (left === 0) taken.delete(key);
          else taken.set(key, left);
        },
      };
    },
  };
}
