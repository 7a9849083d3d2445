/**
 * Traces by OpenTelemetry, sent by OTLP over HTTP as JSON. Loaded only where an endpoint is set. A span tells which api
 * was asked and what became of it; it never holds a path, a header, an address, a field or a customer.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapGetter,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { DomainError } from '../domain/errors.ts';
import type { TracedAnswer, Tracing } from './tracing.ts';

export interface TracingOptions {
  /** Where spans are posted. */
  endpoint: string;
  /** The part of the requests that is traced, where the caller has not decided it. */
  ratio: number;
  version: string;
  /** Told when spans could not be sent. */
  onProblem: (problem: string) => void;
}

/** Spans are sent that often, in milliseconds. */
const sendInterval = 1000;
const sendTimeout = 5000;
const maxWaiting = 4096;
/** How long a stop waits for the last spans, in milliseconds. */
const closeLimit = 1500;
/** Problems are told at most that often, in milliseconds. */
const problemInterval = 60_000;

export function createTracing(options: TracingOptions): Tracing {
  reportProblems(options.onProblem);
  const provider = createProvider(options);
  const tracer = provider.getTracer('roster', options.version);
  const propagator = new W3CTraceContextPropagator();
  const current = new AsyncLocalStorage<Context>();
  // Keyed by the request itself: one that never gets an answer is forgotten with it.
  const contexts = new WeakMap<object, Context>();

  return {
    begin(key, method, headers, proceed) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': method };
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER, attributes }, parent);
      const context = trace.setSpan(parent, span);
      contexts.set(key, context);
      current.run(context, proceed);
    },
    resume(key, proceed) {
      const context = contexts.get(key);
      if (context === undefined) proceed();
      else current.run(context, proceed);
    },
    end(answer) {
      const context = answer.key === undefined ? undefined : contexts.get(answer.key);
      const span = context === undefined ? undefined : trace.getSpan(context);
      // A span that is never ended is never sent.
      if (span !== undefined && !answer.quiet) endRequestSpan(span, answer);
    },
    async span(name, attributes, work) {
      const context = current.getStore();
      if (context === undefined) return work();
      const span = tracer.startSpan(name, { attributes }, context);
      try {
        return await work();
      } catch (error) {
        noteFailure(span, error instanceof DomainError ? error.code : 'unexpected');
        throw error;
      } finally {
        span.end();
      }
    },
    async close() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, closeLimit);
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

function createProvider({ endpoint, ratio, version }: TracingOptions): TracerProvider {
  const exporter = new OTLPTraceExporter({ url: endpoint, timeoutMillis: sendTimeout });
  const batches = { exporter, scheduledDelayMillis: sendInterval, maxQueueSize: maxWaiting };
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'roster', 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor(batches)],
  });
}

function endRequestSpan(span: Span, { api, outcome, status, requestId }: TracedAnswer): void {
  span.updateName(api);
  span.setAttribute('http.response.status_code', status);
  span.setAttribute('roster.request_id', requestId);
  if (status >= 500) noteFailure(span, outcome);
  else span.setAttribute('roster.outcome', outcome);
  span.end();
}

/** A refusal is an answer like another; only what the server could not do is an error. */
function noteFailure(span: Span, outcome: string): void {
  span.setAttribute('roster.outcome', outcome);
  if (outcome === 'unavailable' || outcome === 'unexpected') span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The library tells an error as JSON text, with its stack. */
function readProblem(text: string): string {
  try {
    const { message = text } = JSON.parse(text) as { message?: string };
    return message;
  } catch {
    return text;
  }
}

function ignore(): void {}

function reportProblems(tell: (problem: string) => void): void {
  let quietUntil = 0;
  const report = (message: string): void => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + problemInterval;
    tell(readProblem(message).slice(0, 500));
  };
  const logger = { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
