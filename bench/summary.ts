/** From the figures of all rounds to one line a measurement. */
import type { Figure, Measurement, ProcessorUse } from './measurement.ts';
import { describeSpread, type Latencies, type Spread } from './statistics.ts';

/** The figures of one measurement, one a round. */
export type Rounds = ReadonlyMap<string, readonly Figure[]>;

export interface Line {
  name: string;
  title: string;
  perSecond: Spread;
  /** Medians over the rounds. */
  latency?: Latencies;
  failures: number;
  /** Its rate over that of the measurement it is compared with, each round's own. */
  ratio?: Spread;
  limit?: string;
  processor?: ProcessorUse;
}

const median = (values: readonly number[]): number => describeSpread(values).median;

/** One line for each measurement that has figures. */
export function summarize(measurements: readonly Measurement[], rounds: Rounds): Line[] {
  return measurements.flatMap((measurement) => {
    const figures = rounds.get(measurement.name) ?? [];
    return figures.length === 0 ? [] : [summarizeOne(measurement, figures, rounds)];
  });
}

function summarizeOne({ name, title, limit }: Measurement, figures: readonly Figure[], rounds: Rounds): Line {
  const latencies = figures.flatMap(({ latency }) => (latency === undefined ? [] : [latency]));
  const uses = figures.flatMap(({ processor }) => (processor === undefined ? [] : [processor]));
  const limits = limit === undefined ? [] : (rounds.get(limit) ?? []);
  const ratios = figures.flatMap(({ perSecond }, round) => {
    const other = limits[round];
    return other === undefined ? [] : [perSecond / other.perSecond];
  });
  return {
    name,
    title,
    perSecond: describeSpread(figures.map(({ perSecond }) => perSecond)),
    ...(latencies.length === 0
      ? {}
      : {
          latency: {
            p50: median(latencies.map(({ p50 }) => p50)),
            p99: median(latencies.map(({ p99 }) => p99)),
            max: Math.max(...latencies.map(({ max }) => max)),
          },
        }),
    failures: figures.reduce((sum, { failures }) => sum + failures, 0),
    ...(limit === undefined || ratios.length === 0 ? {} : { limit, ratio: describeSpread(ratios) }),
    ...(uses.length === 0 ? {} : { processor: summarizeUse(uses) }),
  };
}

function summarizeUse(uses: readonly ProcessorUse[]): ProcessorUse {
  const names = new Set(uses.flatMap(({ threads }) => Object.keys(threads)));
  const threads: ProcessorUse['threads'] = {};
  for (const name of names) {
    threads[name] = {
      running: median(uses.map((use) => use.threads[name]?.running ?? 0)),
      waiting: median(uses.map((use) => use.threads[name]?.waiting ?? 0)),
    };
  }
  return {
    threads,
    generator: median(uses.map(({ generator }) => generator)),
    others: median(uses.map(({ others }) => others)),
    stolen: median(uses.map(({ stolen }) => stolen)),
  };
}
