/** What a measurement is, and what it gives. */
import type { Latencies } from './statistics.ts';

/** What one round of a measurement found. */
export interface Figure {
  perSecond: number;
  /** Absent where nobody waits for an answer. */
  latency?: Latencies;
  /** Answers that were no success. */
  failures: number;
  /** Present where a server was measured, on Linux. */
  processor?: ProcessorUse;
}

/** Who used the processors meanwhile, as shares of one processor. */
export interface ProcessorUse {
  /** By name of thread; `waiting` is the time in which a thread could have run, but no processor was free. */
  threads: Record<string, { running: number; waiting: number }>;
  generator: number;
  /** Programs that have no part in the measurement. */
  others: number;
  /** Taken by the host of a virtual machine. */
  stolen: number;
}

export interface MeasurementTime {
  warmUpSeconds: number;
  seconds: number;
}

export interface Measurement {
  /** As `--only` takes it. */
  name: string;
  title: string;
  /** The measurement that this one is compared with. */
  limit?: string;
  /** Preparation that belongs to no round. Gives what keeps it from being measured here. */
  prepare?: () => Promise<string | undefined>;
  measure: (time: MeasurementTime) => Promise<Figure>;
  finish?: () => Promise<void>;
}
