import { Counter, Registry } from 'prom-client';
import type { EventName, Metrics } from '../domain/ports.ts';

const counters: Record<EventName, { name: string; help: string; label: string }> = {
  token_refused: { name: 'roster_token_refused_total', help: 'Requests refused for their token', label: 'reason' },
  idempotent_replay: { name: 'roster_idempotent_replays_total', help: 'First answers given again', label: 'outcome' },
  agent_created: { name: 'roster_agents_created_total', help: 'Agents created', label: 'password' },
};

export interface MetricsRegistry extends Metrics {
  /** All of it in Prometheus' text format. */
  print(): Promise<string>;
}

export function createMetrics(): MetricsRegistry {
  const registry = new Registry();
  const made = new Map(
    Object.entries(counters).map(([event, { name, help, label }]) => [
      event,
      { label, counter: new Counter({ name, help, labelNames: [label], registers: [registry] }) },
    ]),
  );
  return {
    count(event, value) {
      const entry = made.get(event);
      entry?.counter.inc({ [entry.label]: value });
    },
    print: () => registry.metrics(),
  };
}
