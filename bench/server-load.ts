/** One measurement of a server: starts it afresh, loads it, stops it. */
import { startServer, type StartOptions } from '../test/support/server.ts';
import type { LoadResult, LoadTask } from './load.ts';
import type { Figure, MeasurementTime, ProcessorUse } from './measurement.ts';
import { watchProcessors } from './processor.ts';
import { runProgram } from './program.ts';

/** Connections that warm a server up, however many are measured. */
const tokenCount = 64;

export interface ServerLoad {
  /** Connections measured. */
  lanes: number;
  /** Empty: the server assigns one. */
  password?: string;
  start?: StartOptions;
  onMeasuring?: () => void;
  onResult?: () => void;
}

/** Measures creates against a server in a fresh data folder. */
export async function measureServer(time: MeasurementTime, load: ServerLoad): Promise<Figure> {
  const server = await startServer(load.start);
  try {
    const tokens: string[] = [];
    while (tokens.length < tokenCount) tokens.push((await server.admin.createToken('0001', {})).token);
    const { lanes, password = '' } = load;
    const task: LoadTask = { ...time, port: server.port, tokens, lanes, password };
    let endWatch: (generator: number) => ProcessorUse | undefined = () => undefined;
    let processor: ProcessorUse | undefined;
    const result = await runProgram<LoadResult>('load.ts', task, {
      onMeasuring() {
        load.onMeasuring?.();
        endWatch = watchProcessors(server.pid);
      },
      onResult({ processorShare }) {
        processor = endWatch(processorShare);
        load.onResult?.();
      },
    });
    const { perSecond, failures, p50, p99, max } = result;
    return { perSecond, failures, latency: { p50, p99, max }, ...(processor === undefined ? {} : { processor }) };
  } finally {
    await server.remove();
  }
}
