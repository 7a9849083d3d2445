/** What the server is meant to reach on two cores with the load generator beside it. Reported, never asserted. */
import { formatCount, formatMilliseconds, formatShare } from './format.ts';
import { addedSyncMilliseconds } from './measurements.ts';
import type { Line } from './summary.ts';

export interface AimResult {
  aim: string;
  /** What was measured, in words. */
  measured: string;
  reached: boolean;
}

interface Aim {
  text: string;
  measurement: string;
  value: (line: Line) => number | undefined;
  print: (value: number) => string;
  atLeast?: number;
  atMost?: number;
}

const perSecond = (line: Line): number => line.perSecond.median;
const printRate = (value: number): string => `${formatCount(value)}/s`;

const aims: readonly Aim[] = [
  {
    text: 'assigned passwords, 64 tokens: at least 6,000 durable creates/s',
    measurement: 'assigned-64',
    value: perSecond,
    print: printRate,
    atLeast: 6000,
  },
  {
    text: 'of the same server answering without storing: at least 40 %',
    measurement: 'assigned-64',
    value: ({ ratio }) => ratio?.median,
    print: formatShare,
    atLeast: 0.4,
  },
  {
    text: 'p99 at 64 tokens: at most 50 ms',
    measurement: 'assigned-64',
    value: ({ latency }) => latency?.p99,
    print: formatMilliseconds,
    atMost: 50,
  },
  {
    text: 'one token in sequence, p50: at most 1.5 ms',
    measurement: 'assigned-1',
    value: ({ latency }) => latency?.p50,
    print: formatMilliseconds,
    atMost: 1.5,
  },
  {
    text: `every sync ${addedSyncMilliseconds} ms slower, 64 tokens: at least 3,000 creates/s`,
    measurement: 'slow-sync-64',
    value: perSecond,
    print: printRate,
    atLeast: 3000,
  },
  ...['chosen-8', 'chosen-64'].map((measurement) => ({
    text: `chosen passwords, ${measurement.slice('chosen-'.length)} tokens: at least 75 % of the raw hash rate`,
    measurement,
    value: ({ ratio }: Line) => ratio?.median,
    print: formatShare,
    atLeast: 0.75,
  })),
];

/** Every aim whose measurement was made. */
export function judgeAims(lines: readonly Line[]): AimResult[] {
  return aims.flatMap(({ text, measurement, value, print, atLeast = -Infinity, atMost = Infinity }) => {
    const line = lines.find(({ name }) => name === measurement);
    const found = line === undefined ? undefined : value(line);
    if (found === undefined) return [];
    return [{ aim: text, measured: print(found), reached: found >= atLeast && found <= atMost }];
  });
}
