/** Where the time of the server's threads goes under load, from Node's own sampling profiler. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeasurementTime } from './measurement.ts';
import { findArea, idleArea, type ProfileNode } from './profile-areas.ts';
import { measureServer } from './server-load.ts';

export interface ThreadProfile {
  thread: 'main thread' | 'writer thread';
  /** Share of the time in which it had nothing to do. */
  idle: number;
  /** Shares of the time in which it had, the largest first. */
  areas: Share[];
  functions: Share[];
}

export interface Share {
  name: string;
  share: number;
}

interface CpuProfile {
  nodes: ProfileNode[];
  /** Microseconds of the monotonic clock. */
  startTime: number;
  samples: number[];
  timeDeltas: number[];
}

const functionsShown = 10;

/** Profiles a server that creates agents for 64 tokens. */
export async function profileServer(time: MeasurementTime): Promise<ThreadProfile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-profile-'));
  try {
    let from = 0;
    let to = 0;
    await measureServer(time, {
      lanes: 64,
      start: { env: { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` } },
      onMeasuring: () => (from = monotonicMicroseconds()),
      onResult: () => (to = monotonicMicroseconds()),
    });
    const files = (await readdir(folder)).toSorted();
    const profiles = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    return profiles.map((text) => describeProfile(JSON.parse(text) as CpuProfile, from, to));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

function describeProfile(
  { nodes, startTime, samples, timeDeltas }: CpuProfile,
  from: number,
  to: number,
): ThreadProfile {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const parentOf = (node: ProfileNode): ProfileNode | undefined => parents.get(node.id);
  const areas = new Map<string, number>();
  const functions = new Map<string, number>();
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    at += timeDeltas[index] ?? 0;
    const node = byId.get(id);
    if (node === undefined || at < from || at > to) continue;
    const duration = timeDeltas[index + 1] ?? 0;
    const area = findArea(node, parentOf);
    areas.set(area, (areas.get(area) ?? 0) + duration);
    const name = nameFunction(node, parentOf);
    if (area !== idleArea) functions.set(name, (functions.get(name) ?? 0) + duration);
  }
  const total = [...areas.values()].reduce((sum, duration) => sum + duration, 0);
  const idle = areas.get(idleArea) ?? 0;
  areas.delete(idleArea);
  const shares = (durations: ReadonlyMap<string, number>): Share[] =>
    [...durations]
      .map(([name, duration]) => ({ name, share: duration / (total - idle) }))
      .toSorted((left, right) => right.share - left.share);
  const isWriter = nodes.some(({ callFrame }) => callFrame.functionName === 'runBatch');
  return {
    thread: isWriter ? 'writer thread' : 'main thread',
    idle: idle / total,
    areas: shares(areas),
    functions: shares(functions).slice(0, functionsShown),
  };
}

/** The function with its file; for one that is not JavaScript, with its caller. */
function nameFunction(node: ProfileNode, parentOf: (node: ProfileNode) => ProfileNode | undefined): string {
  const { functionName, url, lineNumber } = node.callFrame;
  const name = functionName === '' ? 'anonymous' : functionName;
  if (url !== '') return `${name} ${url.replace(/^.*\/(src|node_modules)\//, '$1/')}:${lineNumber + 1}`;
  const parent = parentOf(node);
  return name.startsWith('(') || parent === undefined ? name : `${name} < ${nameFunction(parent, parentOf)}`;
}
