/**
 * The disk that misbehaves on request (`test/faults/disk-shim.c`), compiled into a temporary folder: gives the environment
 * that puts it under a server. Linux only, and it needs a C compiler.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const source = new URL('../faults/disk-shim.c', import.meta.url).pathname;

export interface DiskShimControls {
  /** Milliseconds that every sync takes besides its own. */
  syncDelayMs?: number;
  /** While this file exists, writes to the database fail for want of space. */
  fullFile?: string;
  /** Where writes, syncs and answers are told in their order. */
  traceFile?: string;
  /** What a text begins with that is to be told of when it is written to the log; six more characters belong to it. */
  traceMark?: string;
}

export interface DiskShim {
  /** The folder the library is in: free for files of the test, gone with `remove`. */
  folder: string;
  /** What to start a server with. */
  env: (controls: DiskShimControls) => Record<string, string>;
  remove: () => Promise<void>;
}

/** Compiles the library. Throws where there is no compiler that can. */
export async function compileDiskShim(): Promise<DiskShim> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-disk-shim-'));
  const library = join(folder, 'disk-shim.so');
  const options = ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-o', library, source];
  await promisify(execFile)('cc', [...options, '-ldl', '-lpthread']);
  return {
    folder,
    env: ({ syncDelayMs, fullFile, traceFile, traceMark }) => ({
      LD_PRELOAD: [library, process.env['LD_PRELOAD']].filter(Boolean).join(':'),
      ...(syncDelayMs === undefined ? {} : { DISK_SHIM_SYNC_DELAY_MS: String(syncDelayMs) }),
      ...(fullFile === undefined ? {} : { DISK_SHIM_FULL_FILE: fullFile }),
      ...(traceFile === undefined ? {} : { DISK_SHIM_TRACE_FILE: traceFile }),
      ...(traceMark === undefined ? {} : { DISK_SHIM_TRACE_MARK: traceMark }),
    }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
