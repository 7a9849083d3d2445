/** What is looked at only when somebody asks for the metrics: queues, files, disk, readiness, the process itself. */
import { stat } from 'node:fs/promises';
import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client';
import type { HashQueue } from './password-hasher.ts';
import type { Readiness } from './readiness.ts';

export interface StateSources {
  version: string;
  /** Bytes that are free on the data folder's disk. May throw. */
  findFreeSpace: () => Promise<number>;
  /** The database's file; its write-ahead log stands beside it. */
  database: string;
  hashQueue: () => HashQueue;
  /** Transactions that wait for their commit. */
  writerQueue: () => number;
  checkReady: () => Promise<Readiness>;
}

export function watchState(registry: Registry, sources: StateSources): void {
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'roster_build_info',
    help: 'Always 1; the labels say what runs',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: sources.version, node: process.versions.node }, 1);
  watchQueues(registry, sources);
  watchDisk(registry, sources);
}

function watchQueues(registry: Registry, { hashQueue, writerQueue }: StateSources): void {
  const show = (name: string, help: string, look: () => number): void => {
    const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(look()) });
  };
  show('roster_password_hashes_running', 'Passwords being hashed', () => hashQueue().running);
  show('roster_password_hashes_waiting', 'Passwords that wait to be hashed', () => hashQueue().waiting);
  show('roster_writer_queue', 'Transactions that wait for their commit', writerQueue);
  const refused: Counter = new Counter({
    name: 'roster_password_hashes_refused_total',
    help: 'Passwords turned away because too many waited to be hashed',
    registers: [registry],
    collect() {
      refused.reset();
      refused.inc(hashQueue().refused);
    },
  });
}

function watchDisk(registry: Registry, { findFreeSpace, database, checkReady }: StateSources): void {
  const registers = [registry];
  const sizes: Gauge<'file'> = new Gauge({
    name: 'roster_database_bytes',
    help: 'Size of the database, and of its write-ahead log',
    labelNames: ['file'],
    registers,
    async collect() {
      sizes.set({ file: 'database' }, await findSize(database));
      sizes.set({ file: 'log' }, await findSize(`${database}-wal`));
    },
  });
  const free: Gauge = new Gauge({
    name: 'roster_disk_free_bytes',
    help: 'Space left on the disk of the data folder; NaN where it cannot be told',
    registers,
    collect: async () => free.set(await findFreeSpace().catch(() => Number.NaN)),
  });
  const ready: Gauge<'part'> = new Gauge({
    name: 'roster_ready',
    help: 'Whether a part can do its work: 1 or 0',
    labelNames: ['part'],
    registers,
    async collect() {
      const readiness = await checkReady();
      for (const part of ['database', 'disk'] as const) ready.set({ part }, readiness[part] === undefined ? 1 : 0);
    },
  });
}

async function findSize(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
