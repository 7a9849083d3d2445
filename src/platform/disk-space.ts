import { statfs } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** How long a disk may take to answer, in milliseconds. */
const patience = 2000;

/**
 * Gives a question: how many bytes this user may still write on the folder's disk. It throws what the system says, or
 * that there was no answer in time; a disk that does not answer is not asked again until it has.
 */
export function createSpaceProbe(folder: string): () => Promise<number> {
  let underWay: Promise<number> | undefined;

  async function ask(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    } finally {
      underWay = undefined;
    }
  }

  return async () => {
    underWay ??= ask();
    const late = new AbortController();
    try {
      return await Promise.race([underWay, refuseAfter(patience, late.signal)]);
    } finally {
      late.abort();
    }
  };
}

async function refuseAfter(limit: number, signal: AbortSignal): Promise<never> {
  await wait(limit, undefined, { signal }).catch(() => undefined);
  throw new Error(`no answer within ${limit / 1000} s`);
}
