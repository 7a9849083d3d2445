/** Structured logs: JSON lines, or lines for people on a terminal. */
import { setTimeout as wait } from 'node:timers/promises';
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';

/** How long a line may wait for others to be written with it, in milliseconds. */
const flushInterval = 200;
const bufferBytes = 8 * 1024;
/** Characters that may wait for a reader that does not read; beyond them lines are dropped. */
const backlogLimit = 4 * 1024 * 1024;
/** How long the last lines may take to be written, in milliseconds. */
const closeGrace = 1000;

export interface LogSink {
  logger: Logger;
  /** Writes what waits, within a second, and stops. */
  close(): Promise<void>;
}

/** What an answer's line tells in words of its own. */
const answerKeys = [
  'method',
  'path',
  'api',
  'status',
  'outcome',
  'durationMs',
  'operation',
  'agentId',
  'address',
  'requestId',
];

/** `201 create_agent ok, 2.9 ms, operation 0001, agent 10000, from 127.0.0.1, request 65ef…`; other lines as they are. */
function describeLine(line: Record<string, unknown>, messageKey: string): string {
  const text = (key: string, before = ''): string[] =>
    line[key] === undefined ? [] : [`${before}${String(line[key])}`];
  if (line['status'] === undefined) return String(line[messageKey]);
  const what = line['api'] === undefined ? `${text('method').join('')} ${text('path').join('')}` : String(line['api']);
  return [
    `${String(line['status'])} ${what.trim()} ${String(line['outcome'])}`,
    ...text('durationMs').map((duration) => `${duration} ms`),
    ...text('operation', 'operation '),
    ...text('agentId', 'agent '),
    ...text('address', 'from '),
    ...text('requestId', 'request '),
  ].join(', ');
}

/** Logs to standard output; `auto` is `pretty` on a terminal and `json` elsewhere. */
export function createLogger(level: string, format: 'auto' | 'json' | 'pretty'): LogSink {
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime };
  if (format === 'pretty' || (format === 'auto' && process.stdout.isTTY)) {
    const stream = pretty({
      colorize: process.stdout.isTTY && !process.env['NO_COLOR'],
      sync: true,
      singleLine: true,
      ignore: answerKeys.join(','),
      messageFormat: describeLine,
    });
    return { logger: pino(options, stream), close: async () => undefined };
  }
  // Lines are written together, so that a flood of requests does not become a flood of system calls.
  const sink = destination({ dest: 1, sync: false, minLength: bufferBytes, maxLength: backlogLimit });
  // Whoever read the log may be gone. The server's work does not depend on it.
  sink.on('error', () => undefined);
  const timer = setInterval(() => sink.flush(), flushInterval).unref();
  const logger = pino(options, sink);
  return {
    logger,
    async close() {
      clearInterval(timer);
      const flushed = new Promise<void>((resolve) => sink.flush(() => resolve()));
      await Promise.race([flushed, wait(closeGrace, undefined, { ref: false })]);
      // Whatever still has something to say finds nobody: a line to a destroyed sink would be an uncaught exception.
      logger.level = 'silent';
      sink.destroy();
    },
  };
}

/** A logger that says nothing: for commands that answer on the terminal themselves. */
export function createSilentLogger(): LogSink {
  return { logger: pino({ level: 'silent' }), close: async () => undefined };
}
