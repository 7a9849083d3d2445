/** What holds the server back, said from the figures alone. */
import { formatCount, formatMilliseconds, formatShare } from './format.ts';
import type { Machine } from './machine.ts';
import type { ProcessorUse } from './measurement.ts';
import { addedSyncMilliseconds } from './measurements.ts';
import type { ThreadProfile } from './profile.ts';
import type { Line } from './summary.ts';

/** From this share of a processor on, a thread has no more to give; of all processors, the machine. */
const exhausted = 0.85;
const microsecondsPerSecond = 1e6;
const millisecondsPerSecond = 1000;
const largestAreas = 4;

export interface Evidence {
  lines: readonly Line[];
  profiles: readonly ThreadProfile[];
  machine: Machine;
}

/** Sentences, the most important first. */
export function explainLimits({ lines, profiles, machine }: Evidence): string[] {
  const find = (name: string): Line | undefined => lines.find((line) => line.name === name);
  return [
    explainProcessors(find('assigned-64'), machine),
    ...profiles.map((profile) => explainThread(profile)),
    explainSequence(find('assigned-1'), machine),
    explainStore(find('rows-64')),
    explainSlowSync(find('slow-sync-64'), machine),
    explainChosen(find('chosen-64')),
  ].filter((sentence) => sentence !== undefined);
}

/** Shares of one processor, by who used them. */
export function listUse({ threads, generator, others, stolen }: ProcessorUse): [string, number][] {
  return [
    ...Object.entries(threads).map(([name, { running }]): [string, number] => [`server: ${name}`, running]),
    ['load generator', generator],
    ['other programs', others],
    ['taken by the host', stolen],
  ];
}

function explainProcessors(line: Line | undefined, { cores }: Machine): string | undefined {
  if (line?.processor === undefined) return undefined;
  const { threads, generator, others, stolen } = line.processor;
  const server = Object.values(threads).reduce((sum, { running }) => sum + running, 0);
  const rate = line.perSecond.median;
  const cost = ((server + generator) / rate) * microsecondsPerSecond;
  const most = (cores * microsecondsPerSecond) / cost;
  const used = (server + generator + others + stolen) / cores;
  const main = threads['main thread'] ?? { running: 0, waiting: 0 };
  const facts =
    `At 64 tokens a create costs ${cost.toFixed(0)} µs of processor, the generator's ` +
    `${((generator / rate) * microsecondsPerSecond).toFixed(0)} µs among them; ${cores} cores that never waited would do ` +
    `${formatCount(most)}/s. They were ${formatShare(used)} in use.`;
  if (main.running >= exhausted) {
    return `${facts} The main thread, busy ${formatShare(main.running)} of the time, is what holds it back.`;
  }
  if (used >= exhausted) {
    return (
      `${facts} So the processors hold it back: the main thread was busy ${formatShare(main.running)} of the time and for ` +
      `another ${formatShare(main.waiting)} could have run but found no core free.`
    );
  }
  return `${facts} Neither the main thread (${formatShare(main.running)} busy) nor the cores are exhausted: what is left is waiting, for the disk and for threads to wake.`;
}

function explainThread({ thread, idle, areas }: ThreadProfile): string {
  const largest = areas.slice(0, largestAreas).map(({ name, share }) => `${name} ${formatShare(share)}`);
  return `The ${thread} was idle ${formatShare(idle)} of a profiled run; of its work were ${largest.join(', ')}.`;
}

function explainSequence(line: Line | undefined, { sync }: Machine): string | undefined {
  if (line?.latency === undefined) return undefined;
  const { latency, perSecond, processor } = line;
  const work = (thread: string): string => {
    const running = processor?.threads[thread]?.running ?? 0;
    return formatMilliseconds((running / perSecond.median) * millisecondsPerSecond);
  };
  const works =
    processor === undefined
      ? ''
      : `, work of the main thread ${work('main thread')}, of the writer ${work('writer thread')}`;
  return (
    `One token in sequence waits ${formatMilliseconds(latency.p50)} for an answer: a sync of about ` +
    `${formatMilliseconds(sync.p50)}${works}, and the wakes of sleeping threads on the way there and back. Nothing is ` +
    `shared, so each create pays a commit and every wake alone.`
  );
}

function explainStore(line: Line | undefined): string | undefined {
  if (line?.ratio === undefined) return undefined;
  return (
    `With no server the store commits ${formatCount(line.perSecond.median)} creates a second, ` +
    `${formatShare(line.ratio.median)} of the bare rows: what a row costs beyond its inserts is the message to the thread ` +
    `that writes and back, a savepoint of its own, and counters written with each row instead of once a commit.`
  );
}

function explainSlowSync(line: Line | undefined, { sync }: Machine): string | undefined {
  if (line === undefined) return undefined;
  const commit = addedSyncMilliseconds + sync.p50;
  const most = (64 * 1000) / commit;
  return (
    `With every sync ${addedSyncMilliseconds} ms slower, a create waits for its own commit and for what is left of the one ` +
    `under way: 64 tokens can have ${formatCount(most)}/s at one commit each, ${formatCount(most / 2)}/s at two. ` +
    `${formatCount(line.perSecond.median)}/s were reached, about ${((line.perSecond.median * commit) / 1000).toFixed(0)} ` +
    `rows a commit.`
  );
}

function explainChosen(line: Line | undefined): string | undefined {
  if (line?.ratio === undefined || line.processor === undefined) return undefined;
  const pool = line.processor.threads['thread pool']?.running ?? 0;
  return (
    `Chosen passwords reach ${formatShare(line.ratio.median)} of the raw hash rate: argon2id took ` +
    `${formatShare(pool)} of one core's time, everything else of a create what was left.`
  );
}
