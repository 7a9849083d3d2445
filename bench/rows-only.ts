/** The same rows committed with no server: creates given to the store, as the server does it, by loops in one process. */
import type { MeasurementTime } from './measurement.ts';
import { announceMeasuring, printResult, readTask } from './program.ts';
import { makeCreate, nameCreate } from './row.ts';
import { describeLatencies, type Latencies } from './statistics.ts';
import { makeStore } from './store-folder.ts';

export interface RowsTask extends MeasurementTime {
  /** Loops, each of which waits for its create before it makes the next. */
  loops: number;
}

export interface RowsResult extends Latencies {
  perSecond: number;
}

const { loops, warmUpSeconds, seconds } = readTask<RowsTask>();
const { store, remove } = await makeStore();
let created = 0;

async function run(forSeconds: number): Promise<RowsResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const until = start + forSeconds * 1000;
  const loop = async (writer: number): Promise<void> => {
    while (performance.now() < until) {
      const begin = performance.now();
      await store.transact('createAgent', makeCreate(nameCreate(writer, (created += 1))));
      latencies.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: loops }, (_, writer) => loop(writer)));
  return { perSecond: (latencies.length * 1000) / (performance.now() - start), ...describeLatencies(latencies) };
}

await run(warmUpSeconds);
announceMeasuring();
printResult(await run(seconds));
await remove();
