/** Structured logs: JSON lines, or lines for people on a terminal. */
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';

/** How long a line may wait for others to be written with it, in milliseconds. */
const flushInterval = 200;
const bufferBytes = 8 * 1024;

export interface LogSink {
  logger: Logger;
  /** Writes what waits, and stops. */
  close(): void;
}

/** Logs to standard output; `auto` is `pretty` on a terminal and `json` elsewhere. */
export function createLogger(level: string, format: 'auto' | 'json' | 'pretty'): LogSink {
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime };
  if (format === 'pretty' || (format === 'auto' && process.stdout.isTTY)) {
    const stream = pretty({ colorize: process.stdout.isTTY && !process.env['NO_COLOR'], sync: true, singleLine: true });
    return { logger: pino(options, stream), close: () => undefined };
  }
  // Lines are written together, so that a flood of requests does not become a flood of system calls.
  const sink = destination({ dest: 1, sync: false, minLength: bufferBytes });
  const timer = setInterval(() => sink.flush(), flushInterval).unref();
  return {
    logger: pino(options, sink),
    close() {
      clearInterval(timer);
      sink.flushSync();
    },
  };
}

/** A logger that says nothing: for commands that answer on the terminal themselves. */
export function createSilentLogger(): LogSink {
  return { logger: pino({ level: 'silent' }), close: () => undefined };
}
