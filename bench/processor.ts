/** Who uses the processors while a measurement runs, from what Linux tells of threads and of the whole machine. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { ProcessorUse } from './measurement.ts';

/** Ticks a second in `/proc/stat`. */
const ticksPerSecond = 100;
const nanosecondsPerSecond = 1e9;

/** The kernel's names of Node's threads, and ours. What is not named here does Node's own work. */
const threadNames: Readonly<Record<string, string>> = {
  MainThread: 'main thread',
  WorkerThread: 'writer thread',
  'libuv-worker': 'thread pool',
};
const otherThread = 'compiler and collector';

interface Reading {
  at: number;
  /** Seconds by thread's name. */
  threads: Map<string, { running: number; waiting: number }>;
  busy: number;
  stolen: number;
  own: number;
}

function readThreads(pid: number): Reading['threads'] {
  const threads: Reading['threads'] = new Map();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    const name = threadNames[readFileSync(`${folder}/comm`, 'utf8').trim()] ?? otherThread;
    const [running = 0, waiting = 0] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ').map(Number);
    const sum = threads.get(name) ?? { running: 0, waiting: 0 };
    sum.running += running / nanosecondsPerSecond;
    sum.waiting += waiting / nanosecondsPerSecond;
    threads.set(name, sum);
  }
  return threads;
}

/** Seconds that all processors together were busy, and that the host took, since the machine started. */
function readMachine(): { busy: number; stolen: number } {
  const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '').split(/\s+/).map(Number);
  const [user = 0, nice = 0, system = 0, , , interrupt = 0, softInterrupt = 0, stolen = 0] = ticks;
  return { busy: (user + nice + system + interrupt + softInterrupt) / ticksPerSecond, stolen: stolen / ticksPerSecond };
}

function read(pid: number): Reading {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), threads: readThreads(pid), own: (user + system) / 1e6, ...readMachine() };
}

/**
 * Starts to watch a server. The function given back ends it and gives what was used since; undefined where the system does
 * not tell.
 */
export function watchProcessors(pid: number): (generatorShare: number) => ProcessorUse | undefined {
  if (process.platform !== 'linux') return () => undefined;
  const before = read(pid);
  return (generator) => {
    const after = read(pid);
    const elapsed = (after.at - before.at) / 1000;
    const threads: ProcessorUse['threads'] = {};
    let used = generator + (after.own - before.own) / elapsed;
    for (const [name, { running, waiting }] of after.threads) {
      const earlier = before.threads.get(name) ?? { running: 0, waiting: 0 };
      const share = (running - earlier.running) / elapsed;
      threads[name] = { running: share, waiting: (waiting - earlier.waiting) / elapsed };
      used += share;
    }
    const others = Math.max(0, (after.busy - before.busy) / elapsed - used);
    return { threads, generator, others, stolen: (after.stolen - before.stolen) / elapsed };
  };
}

/** How busy the machine is with other work now, as a share of all its processors; undefined where that is not told. */
export async function measureOtherWork(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const before = readMachine();
  const start = performance.now();
  await new Promise((resolve) => void setTimeout(resolve, 1000));
  return ((readMachine().busy - before.busy) * 1000) / (performance.now() - start) / availableParallelism();
}
