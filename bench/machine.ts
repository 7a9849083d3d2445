/** The machine that a figure belongs to. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { measureOtherWork } from './processor.ts';
import { describeLatencies, type Latencies } from './statistics.ts';

export interface Machine {
  cores: number;
  processor: string;
  memoryGigabytes: number;
  kernel: string;
  node: string;
  /** Of the folder in which every measurement keeps its data. */
  fileSystem: string;
  /** How long `fdatasync` of one written page takes there, in milliseconds. */
  sync: Latencies;
  /** How busy other programs kept the processors before the first measurement; absent where that is not told. */
  otherWork?: number;
}

const pageBytes = 4096;
const pages = 1024;
const syncs = 500;

export async function describeMachine(): Promise<Machine> {
  const otherWork = await measureOtherWork();
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    kernel: `${type()} ${release()}`,
    node: process.version,
    fileSystem: findFileSystem(tmpdir()),
    sync: measureSync(),
    ...(otherWork === undefined ? {} : { otherWork }),
  };
}

/** Whether a file system keeps its files in memory, where a sync costs nothing and proves nothing. */
export function isInMemory({ fileSystem }: Machine): boolean {
  return fileSystem === 'tmpfs' || fileSystem === 'ramfs';
}

function findFileSystem(folder: string): string {
  if (process.platform !== 'linux') return 'unknown';
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, at = '']) => at === '/' || folder === at || folder.startsWith(`${at}/`))
    .toSorted(([, left = ''], [, right = '']) => right.length - left.length);
  return mounts[0]?.[2] ?? 'unknown';
}

/** Writes pages over others in a file that has its size already, as SQLite does in its log, and syncs after each. */
function measureSync(): Latencies {
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'));
  const file = openSync(join(folder, 'pages'), 'w');
  try {
    const page = Buffer.alloc(pageBytes, 1);
    for (let index = 0; index < pages; index += 1) writeSync(file, page);
    fdatasyncSync(file);
    const times = Array.from({ length: syncs }, (_, index) => {
      writeSync(file, page, 0, pageBytes, (index % pages) * pageBytes);
      const start = performance.now();
      fdatasyncSync(file);
      return performance.now() - start;
    });
    return describeLatencies(times);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
