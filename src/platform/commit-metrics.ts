import { Counter, Histogram, type Registry } from 'prom-client';

export interface CommitMetrics {
  /** Counts a commit: how many transactions shared it, the milliseconds it took, what failed. */
  countCommit(commit: { size: number; duration: number; failure?: string }): void;
}

const sizeBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const durationBuckets = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function createCommitMetrics(registry: Registry): CommitMetrics {
  const registers = [registry];
  const sizes = new Histogram({
    name: 'roster_commit_transactions',
    help: 'Transactions that shared a commit',
    buckets: sizeBuckets,
    registers,
  });
  const durations = new Histogram({
    name: 'roster_commit_duration_seconds',
    help: 'Time of a commit, with its sync',
    buckets: durationBuckets,
    registers,
  });
  const failures = new Counter({
    name: 'roster_commit_failures_total',
    help: 'Commits that the database could not do',
    registers,
  });
  return {
    countCommit({ size, duration, failure }) {
      if (failure !== undefined) failures.inc();
      else if (size > 0) {
        sizes.observe(size);
        durations.observe(duration / 1000);
      }
    },
  };
}
