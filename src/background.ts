/** What a server does beside answering: writes what is counted, writes words for the search, trims what has had its time. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from './config.ts';
import type { Services } from './domain/context.ts';
import { trimAll } from './domain/retention.ts';
import type { LogSink } from './platform/logger.ts';

/** Milliseconds. */
const usageInterval = 1000;
const refusalInterval = 5000;
const indexInterval = 1000;
const firstTrim = 5000;
const trimInterval = 3_600_000;
/** Between two transactions of trimming. */
const trimPause = 50;
/** Milliseconds of every second in which words are written: the rest is for the creates. */
const indexBudget = 200;

/** Starts all of it. Gives what ends it; work under way may still finish. */
export function startBackground(services: Services, { auditDays }: Config, { logger }: LogSink): () => void {
  const { store, clock, usage, refusals, indexer } = services;
  let isStopping = false;
  const run = (what: string, work: () => Promise<void>): void => {
    work().catch((error: unknown) => {
      if (!isStopping) logger.error({ reason: String(error) }, `${what} failed; it is tried again`);
    });
  };
  const pause = async (): Promise<boolean> => {
    await wait(trimPause, undefined, { ref: false });
    return !isStopping;
  };
  const trim = (): void => run('trimming', () => trimAll({ store, clock, auditDays, pause }));
  const timers = [
    setInterval(() => run('writing counts', () => usage.flush()), usageInterval),
    setInterval(() => run('writing refusals', () => refusals.flush('ended')), refusalInterval),
    setInterval(() => run('writing words', () => indexer.work(indexBudget)), indexInterval),
    setTimeout(trim, firstTrim),
    setInterval(trim, trimInterval),
  ];
  return () => {
    isStopping = true;
    for (const timer of timers) clearInterval(timer);
  };
}
