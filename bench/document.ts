/** The document that a run leaves: what was measured, on what, how, and what it says. */
import { judgeAims } from './aims.ts';
import { type Evidence, explainLimits, listUse } from './explain.ts';
import { formatCount, formatMilliseconds, formatShare, formatTable } from './format.ts';
import { isInMemory, type Machine } from './machine.ts';
import { addedSyncMilliseconds } from './measurements.ts';
import { plotLines } from './plot.ts';
import type { ThreadProfile } from './profile.ts';
import type { Spread } from './statistics.ts';
import type { Line } from './summary.ts';

export interface Results extends Evidence {
  command: string;
  date: string;
  version: string;
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  /** Measurements that could not be made, and why. */
  skipped: readonly { name: string; reason: string }[];
}

/** Share of all processors from which on other work spoils the figures. */
const quietLimit = 0.05;

export function printDocument(results: Results): string {
  const { lines, profiles, version, date } = results;
  const sections = [
    `# Creates a second\n\nMeasured by \`${results.command}\` on ${date}, Roster ${version}. The run writes this file; do not edit it.`,
    `## Aims\n\n${printAims(lines)}`,
    `## Figures\n\n${printLines(lines)}\n\n${notes(results)}`,
    `\`\`\`text\n${plotLines(lines)}\n\`\`\``,
    `## What holds it back\n\n${explainLimits(results)
      .map((sentence) => `- ${sentence}`)
      .join('\n')}`,
    printUses(lines),
    ...profiles.map((profile) => printProfile(profile)),
    `## Machine\n\n${printMachine(results)}`,
    `## Method\n\n${printMethod(results)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function printAims(lines: readonly Line[]): string {
  const rows = judgeAims(lines).map(({ aim, measured, reached }) => [
    aim,
    measured,
    reached ? 'reached' : 'not reached',
  ]);
  return formatTable(['aim', 'measured', ''], rows);
}

function printSpread({ median, min, max }: Spread, print: (value: number) => string): string {
  return min === max ? print(median) : `${print(median)} (${print(min)}–${print(max)})`;
}

/** The table of figures: medians, and in brackets the lowest and highest round. */
export function printLines(lines: readonly Line[]): string {
  const rows = lines.map(({ name, title, perSecond, latency, ratio, limit, failures }) => [
    name,
    title,
    printSpread(perSecond, formatCount) + (failures === 0 ? '' : `, ${failures} answers failed`),
    latency === undefined ? '' : formatMilliseconds(latency.p50),
    latency === undefined ? '' : formatMilliseconds(latency.p99),
    ratio === undefined ? '' : `${printSpread(ratio, formatShare)} of ${limit}`,
  ]);
  return formatTable(['name', 'what', 'a second', 'p50', 'p99', 'share'], rows);
}

function notes({ skipped }: Results): string {
  return [
    'A figure is the median of the rounds, in brackets the lowest and the highest; a share compares the two rates of the same round.',
    ...skipped.map(({ name, reason }) => `\`${name}\` was not measured: ${reason}.`),
  ].join('\n');
}

function printUses(lines: readonly Line[]): string {
  const shown = lines.filter(({ processor }) => processor !== undefined);
  if (shown.length === 0) return '';
  const uses = shown.map(({ processor }) => new Map(processor === undefined ? [] : listUse(processor)));
  const names = [...new Set(uses.flatMap((use) => [...use.keys()]))];
  const rows = names.map((name) => [name, ...uses.map((use) => formatShare(use.get(name) ?? 0))]);
  const waiting = shown.map(({ processor }) => formatShare(processor?.threads['main thread']?.waiting ?? 0));
  const table = formatTable(
    ['who', ...shown.map(({ name }) => name)],
    [...rows, ['main thread, waiting for a core', ...waiting]],
  );
  return `Processor time by thread, as a share of one core:\n\n${table}`;
}

function printProfile({ thread, idle, areas, functions }: ThreadProfile): string {
  const least = 0.005;
  const rows = areas.filter(({ share }) => share >= least).map(({ name, share }) => [name, formatShare(share)]);
  const costly = functions.map(({ name, share }) => `${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  return (
    `Where the time of the ${thread} goes at 64 tokens (sampled by Node's profiler, which slows the server; ` +
    `idle ${formatShare(idle)} of the time, shares are of the rest):\n\n` +
    `${formatTable(['part', 'share'], rows)}\n\n\`\`\`text\n${costly.join('\n')}\n\`\`\``
  );
}

function printMachine({ machine, lines }: Results): string {
  const { cores, processor, memoryGigabytes, kernel, node, fileSystem, sync, otherWork } = machine;
  const rows = [
    ['cores', String(cores)],
    ['processor', processor],
    ['memory', `${memoryGigabytes} GB`],
    ['kernel', kernel],
    ['Node.js', node],
    ['file system of the data', fileSystem],
    ['disk sync (fdatasync of a 4 KiB page)', `p50 ${sync.p50.toFixed(3)} ms, p99 ${sync.p99.toFixed(3)} ms`],
    ...(otherWork === undefined ? [] : [['other work before the run', `${formatShare(otherWork)} of all cores`]]),
  ];
  return [formatTable(['fact', 'value'], rows), ...warnings(machine, lines)].join('\n\n');
}

/** What makes the figures doubtful. */
export function warnings(machine: Machine, lines: readonly Line[]): string[] {
  const others = Math.max(0, ...lines.map(({ processor }) => (processor?.others ?? 0) / machine.cores));
  const stolen = Math.max(0, ...lines.map(({ processor }) => (processor?.stolen ?? 0) / machine.cores));
  return [
    ...(isInMemory(machine)
      ? ['**The data was kept in memory: syncs cost nothing. Set TMPDIR to a folder on a disk.**']
      : []),
    ...(others > quietLimit
      ? [`**The machine was not quiet: other programs used up to ${formatShare(others)} of it.**`]
      : []),
    ...(stolen > quietLimit ? [`**The host of this virtual machine took up to ${formatShare(stolen)} of it.**`] : []),
  ];
}

function printMethod({ rounds, seconds, warmUpSeconds }: Results): string {
  return `Everything runs on this one machine, the load generator beside the server. The measurements take turns: ${rounds} round${rounds === 1 ? '' : 's'}, in
each every measurement once, for ${seconds} s after ${warmUpSeconds} s of warm-up (with 64 tokens, however many are measured). Each
has a fresh server with its default settings in a fresh data folder; its log goes to a pipe that is read.

- **assigned-N**: N tokens, each with one keep-alive connection of its own that sends its next create when the last is
  answered. Every answer is 201 and comes after the sync of its commit.
- **no-store-N**, the limit of the way there: the same server gives the same bytes, but its store forgets: it answers in
  the next turn of the event loop, all creates of a turn together, as one would that takes no time.
- **slow-sync-N**: the server sleeps ${addedSyncMilliseconds} ms more in each fsync and fdatasync.
- **rows-N**, the limit of the way behind it: N loops give the store what the server would, in one process, no HTTP.
- **bare-rows-N**: the same rows, hashed and chained, by prepared statements in one thread, N rows a commit, one write of
  the counters a commit; the same schema, write-ahead log and \`synchronous=FULL\`. Search words, which the server writes
  behind within a share of each second, are left out here and in rows-N.
- **chosen-N** against **hash-rate**: argon2id with the server's parameters, one at once for each core, nothing else running.`;
}
