/**
 * Fills a data folder: `node bench/fill.ts {"dataDir", "agents", "operations"}`. The rows are written by the store's own
 * transactions, many to a commit, so ids, indexes and audit chains are what a server would have left.
 */
import { addOperation } from '../src/domain/operations.ts';
import { readConfig } from '../src/config.ts';
import { openInstallation } from '../src/main.ts';
import { makeCreate } from './row.ts';
import { printResult, readTask } from './program.ts';

export interface FillTask {
  dataDir: string;
  /** In all, spread evenly over the operations. */
  agents: number;
  /** At least 1; operation 0001 is the first. */
  operations: number;
}

/** Transactions under way at once. */
const inFlight = 512;

const task = readTask<FillTask>();
const { config } = readConfig({ env: { ROSTER_DATA_DIR: task.dataDir } });
const installation = await openInstallation(config, () => process.exit(1));
const { services } = installation;

const codes = ['0001'];
for (let index = 1; index < task.operations; index += 1) {
  const operationId = `x${String(index).padStart(4, '0')}`;
  await addOperation({ services, principal: { kind: 'system' }, operationId, requestId: '', address: '' }, {});
  codes.push(operationId);
}

let next = 0;
async function fill(): Promise<void> {
  while (next < task.agents) {
    const number = next;
    next += 1;
    const operationId = codes[number % codes.length] ?? '0001';
    await services.store.transact('createAgent', { ...makeCreate(`f${number}`), operationId });
    services.indexer.note(operationId);
  }
}
const start = performance.now();
await Promise.all(Array.from({ length: inFlight }, () => fill()));
const seconds = (performance.now() - start) / 1000;
await services.indexer.work(Number.POSITIVE_INFINITY);
await installation.close();
printResult({ agents: task.agents, seconds });
