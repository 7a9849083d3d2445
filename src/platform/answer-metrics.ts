import { Counter, Histogram, type Registry } from 'prom-client';

export interface AnswerMetrics {
  /** Counts an answer, and how long it took in milliseconds where that is known. */
  countAnswer(answer: { api: string; outcome: string; status: number; elapsed?: number }): void;
}

/** Seconds: a create takes one to some ten milliseconds, a chosen password some fifty, a long list seconds. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createAnswerMetrics(registry: Registry): AnswerMetrics {
  const registers = [registry];
  const answers = new Counter({
    name: 'roster_requests_total',
    help: 'Requests answered, by api, outcome ("ok" or the code of the failure) and HTTP status',
    labelNames: ['api', 'outcome', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'roster_request_duration_seconds',
    help: 'Time from the headers of a request to the last byte of its answer',
    labelNames: ['api'],
    buckets: durationBuckets,
    registers,
  });
  // The library works a label set out anew each time; here each is worked out once.
  const counted = new Map<string, { inc: () => void }>();
  const timed = new Map<string, { observe: (seconds: number) => void }>();
  return {
    countAnswer({ api, outcome, status, elapsed }) {
      const key = `${api} ${outcome} ${status}`;
      let counter = counted.get(key);
      if (counter === undefined) {
        counter = answers.labels({ api, outcome, status });
        counted.set(key, counter);
      }
      counter.inc();
      if (elapsed === undefined) return;
      let timer = timed.get(api);
      if (timer === undefined) timed.set(api, (timer = durations.labels({ api })));
      timer.observe(elapsed / 1000);
    },
  };
}
