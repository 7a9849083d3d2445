/** Reads a request's body whole, within a size and a time. */
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/errors.ts';

/** What a too large body may still send before the connection is cut, so that its sender gets to read the answer. */
const drainLimit = 16 * 1024 * 1024;

export interface BodyLimits {
  /** Bytes. */
  size: number;
  /** Milliseconds until the last byte must be there. */
  deadline: number;
}

/**
 * Gives the body's bytes. Throws `body_too_large`, `request_too_slow`, or `body_invalid` when the client went away
 * before the end.
 */
export function readBody(request: IncomingMessage, { size, deadline }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const timer = setTimeout(() => finish(new DomainError('request_too_slow')), deadline);

    function finish(error?: Error): void {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      if (error !== undefined) reject(error);
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    }

    function onData(chunk: Buffer): void {
      received += chunk.length;
      if (received <= size) chunks.push(chunk);
      else if (received > drainLimit) finish(new DomainError('body_too_large'));
    }

    function onEnd(): void {
      finish(received > size ? new DomainError('body_too_large') : undefined);
    }

    function onGone(): void {
      finish(new DomainError('body_invalid', {}, 'the client went away'));
    }

    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
