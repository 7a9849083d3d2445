/** Traces, as the rest of the program sees them: a port, and what of the services is worth a span. */
import type { Services } from '../domain/context.ts';

export interface TracedAnswer {
  key?: object;
  api: string;
  outcome: string;
  status: number;
  requestId: string;
  /** True where no trace is wanted of it. */
  quiet: boolean;
}

export interface Tracing {
  /** Begins the span of a request and runs the rest of the request within it. */
  begin(key: object, method: string, headers: Record<string, string | string[] | undefined>, proceed: () => void): void;
  /** Runs the rest of a request within its span once more. */
  resume(key: object, proceed: () => void): void;
  /** Ends the span of the request that the answer is for. */
  end(answer: TracedAnswer): void;
  /** Runs work in a span below the request's; without a request it simply runs. */
  span<Result>(name: string, attributes: Record<string, string>, work: () => Promise<Result>): Promise<Result>;
  /** Sends what waits, within a time that a stop can bear. */
  close(): Promise<void>;
}

/** The same services; the slow ones leave a span. */
export function traceServices<Traced extends Services>(services: Traced, tracing: Tracing): Traced {
  const { store, hasher } = services;
  return {
    ...services,
    hasher: { ...hasher, hash: (password: string) => tracing.span('hash password', {}, () => hasher.hash(password)) },
    store: {
      ...store,
      transact: ((name, input) =>
        tracing.span('commit', { 'roster.transaction': name }, () =>
          store.transact(name, input),
        )) satisfies typeof store.transact,
    },
  };
}
