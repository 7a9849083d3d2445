/** One round of measurements on a server over a filled data folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callApi, paths } from '../test/support/ask.ts';
import { cleanEnv, startServer, type TestServer } from '../test/support/server.ts';
import type { LoadResult, LoadTask } from './load.ts';
import { runProgram } from './program.ts';
import { describeLatencies, type Latencies } from './statistics.ts';

export interface GrownFigure {
  /** Seconds from starting the process to `ready`. */
  ready: number;
  /** Megabytes. */
  resident: number;
  residentAfter: number;
  creates: Latencies & { perSecond: number };
  read: Latencies;
  firstPage: Latencies;
  lastPage: Latencies;
  /** A rare word, a common one, both, and one that nobody has, in turns. */
  search: Latencies;
  backup: { seconds: number; p99: number };
}

const reads = 500;
const pages = 50;
const searches = 200;
const pageSize = 100;
const time = { warmUpSeconds: 3, seconds: 5 };

/** Measures a server on this folder, whose operation 0001 has this many agents. */
export async function measureGrown(dataDir: string, agents: number): Promise<GrownFigure> {
  const start = performance.now();
  const server = await startServer({ dataDir });
  const ready = (performance.now() - start) / 1000;
  try {
    const resident = readResident(server.pid);
    const tokens: string[] = [];
    while (tokens.length < 64) tokens.push((await server.admin.createToken('0001', {})).token);
    const [token = ''] = tokens;
    const read = await repeat(reads, async (index) => {
      const id = 10_000 + ((index * 7919) % agents);
      const answer = await callApi(server.port, token, `${paths.agents}&agent=${id}`);
      if (answer.status !== 200) throw new Error(answer.text);
    });
    const last = 10_000 + agents - pageSize - 1;
    const firstPage = await repeat(pages, () => server.admin.listAgents('0001', { limit: pageSize }));
    const lastPage = await repeat(pages, () => server.admin.listAgents('0001', { limit: pageSize, after: last }));
    const searched = ['f7', 'agent', 'agent f12', 'nobody', 'user f99'];
    const search = await repeat(searches, (index) =>
      server.admin.listAgents('0001', { limit: 50, search: searched[index % searched.length] ?? '' }),
    );
    const creates = await load(server, tokens, 64, time);
    const backup = await backUpUnderLoad(server, tokens);
    return {
      ready,
      resident,
      residentAfter: readResident(server.pid),
      creates,
      read,
      firstPage,
      lastPage,
      search,
      backup,
    };
  } finally {
    await server.stop();
  }
}

function load(server: TestServer, tokens: string[], lanes: number, times: typeof time): Promise<LoadResult> {
  const task: LoadTask = { ...times, port: server.port, tokens, lanes, password: '' };
  return runProgram<LoadResult>('load.ts', task);
}

async function repeat(count: number, work: (index: number) => Promise<unknown>): Promise<Latencies> {
  const latencies: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await work(index);
    latencies.push(performance.now() - start);
  }
  return describeLatencies(latencies);
}

/** Backs up in a process of its own while 8 connections create; the load lasts as long as the backup is expected to. */
async function backUpUnderLoad(server: TestServer, tokens: string[]): Promise<GrownFigure['backup']> {
  const command = new URL('../src/cli/roster.ts', import.meta.url).pathname;
  const target = join(server.dataDir, 'measured.backup');
  const start = performance.now();
  const child = spawn(process.execPath, [command, 'backup', target], {
    env: cleanEnv({ ROSTER_DATA_DIR: server.dataDir }),
    stdio: 'ignore',
  });
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the backup ended with ${String(code)}`);
    return (performance.now() - start) / 1000;
  });
  // Names of an earlier load would collide: these lanes come after those.
  const fresh = tokens.slice(0, 8);
  const task: LoadTask = {
    warmUpSeconds: 0.1,
    seconds: 4,
    port: server.port,
    tokens: fresh,
    lanes: fresh.length,
    password: '',
    prefix: 'b',
  };
  const { p99 } = await runProgram<LoadResult>('load.ts', task);
  return { seconds: await ended, p99 };
}

function readResident(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}
