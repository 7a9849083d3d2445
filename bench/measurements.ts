/** Every measurement, in the order of a round: what is compared stands side by side. */
import { compileDiskShim, type DiskShim } from '../test/support/disk-shim.ts';
import type { BareRowsResult, BareRowsTask } from './bare-rows.ts';
import type { HashResult, HashTask } from './hash-rate.ts';
import type { Measurement } from './measurement.ts';
import { runProgram } from './program.ts';
import type { RowsResult, RowsTask } from './rows-only.ts';
import { measureServer } from './server-load.ts';

/** Milliseconds that a slow disk, one across a network, takes longer for each sync. */
export const addedSyncMilliseconds = 4;
const chosenPassword = 'Quartz7#lantern-moss';
const noStoreServer = new URL('no-store-server.ts', import.meta.url).pathname;

function countTokens(lanes: number): string {
  return lanes === 1 ? 'one token in sequence' : `${lanes} tokens in parallel`;
}

function measureAssigned(lanes: number): Measurement {
  return {
    name: `assigned-${lanes}`,
    title: `assigned passwords, ${countTokens(lanes)}`,
    limit: `no-store-${lanes}`,
    measure: (time) => measureServer(time, { lanes }),
  };
}

function measureNoStore(lanes: number): Measurement {
  return {
    name: `no-store-${lanes}`,
    title: `the same answered without storing, ${countTokens(lanes)}`,
    measure: (time) => measureServer(time, { lanes, start: { script: noStoreServer } }),
  };
}

function measureRows(loops: number): Measurement {
  return {
    name: `rows-${loops}`,
    title: `the same rows through the store with no server, ${loops} at once`,
    limit: `bare-rows-${loops}`,
    async measure(time) {
      const task: RowsTask = { ...time, loops };
      const { perSecond, ...latency } = await runProgram<RowsResult>('rows-only.ts', task);
      return { perSecond, latency, failures: 0 };
    },
  };
}

function measureBareRows(rowsPerCommit: number): Measurement {
  return {
    name: `bare-rows-${rowsPerCommit}`,
    title: `the bare rows in one thread, ${rowsPerCommit} a commit`,
    async measure(time) {
      const task: BareRowsTask = { ...time, rowsPerCommit };
      const { perSecond } = await runProgram<BareRowsResult>('bare-rows.ts', task);
      return { perSecond, failures: 0 };
    },
  };
}

function measureChosen(lanes: number): Measurement {
  return {
    name: `chosen-${lanes}`,
    title: `chosen passwords, ${countTokens(lanes)}`,
    limit: 'hash-rate',
    measure: (time) => measureServer(time, { lanes, password: chosenPassword }),
  };
}

const hashRate: Measurement = {
  name: 'hash-rate',
  title: 'argon2id hashes with no server, one a core',
  async measure(time) {
    const task: HashTask = { ...time, password: chosenPassword };
    const { perSecond } = await runProgram<HashResult>('hash-rate.ts', task);
    return { perSecond, failures: 0 };
  },
};

function measureSlowSync(lanes: number): Measurement {
  let shim: DiskShim | undefined;
  return {
    name: `slow-sync-${lanes}`,
    title: `assigned passwords, ${countTokens(lanes)}, every sync ${addedSyncMilliseconds} ms slower`,
    limit: `assigned-${lanes}`,
    async prepare() {
      try {
        shim = await compileDiskShim();
        return undefined;
      } catch {
        return 'it needs Linux and a C compiler';
      }
    },
    measure: (time) =>
      measureServer(time, { lanes, start: { env: shim?.env({ syncDelayMs: addedSyncMilliseconds }) ?? {} } }),
    async finish() {
      await shim?.remove();
    },
  };
}

export const measurements: readonly Measurement[] = [
  measureAssigned(64),
  measureNoStore(64),
  measureAssigned(8),
  measureNoStore(8),
  measureAssigned(1),
  measureNoStore(1),
  measureSlowSync(64),
  measureRows(64),
  measureBareRows(64),
  measureBareRows(16),
  measureChosen(8),
  hashRate,
  measureChosen(64),
];
