/** A small OpenTelemetry collector: keeps the spans that are posted to it as OTLP's JSON. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 internal, 2 server. */
  kind: number;
  attributes: Record<string, string | number>;
  /** 2: an error. */
  status: number;
  /** Nanoseconds. */
  begin: bigint;
  end: bigint;
}

export interface TraceCollector {
  /** What to name as the endpoint. */
  url: string;
  spans: CollectedSpan[];
  /** Everything that was posted, as it came. */
  bodies: string[];
  /** The path and Content-Type of each post. */
  posts: string[];
  /** Waits until a span is there that fits. Throws when none comes in good time. */
  find: (fits: (span: CollectedSpan) => boolean) => Promise<CollectedSpan>;
  close: () => void;
}

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number | string };
}

interface PostedSpan extends Omit<CollectedSpan, 'attributes' | 'status' | 'begin' | 'end'> {
  attributes: Attribute[];
  status?: { code?: number };
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

interface Posted {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: PostedSpan[] }[] }[];
}

const patience = 20_000;

function readSpan(posted: PostedSpan): CollectedSpan {
  const { startTimeUnixNano, endTimeUnixNano, attributes, status, ...span } = posted;
  const values = attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)] as const);
  return {
    ...span,
    attributes: Object.fromEntries(values),
    status: status?.code ?? 0,
    begin: BigInt(startTimeUnixNano),
    end: BigInt(endTimeUnixNano),
  };
}

export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const posts: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      bodies.push(body);
      posts.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
      const { resourceSpans } = JSON.parse(body) as Posted;
      for (const { scopeSpans } of resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => readSpan(span)));
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    bodies,
    posts,
    async find(fits) {
      const until = performance.now() + patience;
      for (;;) {
        const span = spans.find((candidate) => fits(candidate));
        if (span !== undefined) return span;
        if (performance.now() > until) throw new Error(`no such span among ${JSON.stringify(bodies)}`);
        await wait(20);
      }
    },
    close: () => void server.close().closeAllConnections(),
  };
}
