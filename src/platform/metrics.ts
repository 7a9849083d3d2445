/** Counts and measurements in Prometheus' format. Every label is from a closed list; no customer is named. */
import { Counter, Registry } from 'prom-client';
import type { EventName, Metrics } from '../domain/ports.ts';
import { type AnswerMetrics, createAnswerMetrics } from './answer-metrics.ts';
import { type CommitMetrics, createCommitMetrics } from './commit-metrics.ts';
import { type StateSources, watchState } from './state-metrics.ts';

const counters: Record<EventName, { name: string; help: string; label: string; values: readonly string[] }> = {
  token_refused: {
    name: 'roster_token_refused_total',
    help: 'Requests refused for their token; "busy" found no free place of simultaneous use',
    label: 'reason',
    values: ['malformed', 'unknown', 'foreign', 'revoked', 'expired', 'network', 'scope', 'allowance', 'busy'],
  },
  idempotent_replay: {
    name: 'roster_idempotent_replays_total',
    help: 'First answers given again',
    label: 'outcome',
    values: ['shown'],
  },
  agent_created: {
    name: 'roster_agents_created_total',
    help: 'Agents created',
    label: 'password',
    values: ['assigned', 'chosen'],
  },
};

export interface MetricsRegistry extends Metrics, AnswerMetrics, CommitMetrics {
  /** Shows from now on what can be looked at, and what Node tells of the process. */
  watch(sources: StateSources): void;
  /** All of it in Prometheus' text format. */
  print(): Promise<string>;
}

export function createMetrics(): MetricsRegistry {
  const registry = new Registry();
  const made = new Map(
    Object.entries(counters).map(([event, { name, help, label, values }]) => {
      const counter = new Counter({ name, help, labelNames: [label], registers: [registry] });
      // A value is there before it first happens, or a rate would miss its first time.
      for (const value of values) counter.inc({ [label]: value }, 0);
      return [event, { label, counter }];
    }),
  );
  return {
    ...createAnswerMetrics(registry),
    ...createCommitMetrics(registry),
    count(event, value) {
      const entry = made.get(event);
      entry?.counter.inc({ [entry.label]: value });
    },
    watch: (sources) => watchState(registry, sources),
    print: () => registry.metrics(),
  };
}
