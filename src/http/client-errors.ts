/** Answers for connections whose request never became one: malformed, too large, too slow. */
import type { Socket } from 'node:net';
import { type Failure } from './failure.ts';
import { statuses } from './status.ts';

/** Characters of a URL at most. */
export const maxUrlLength = 8 * 1024;

interface ClientError extends Error {
  code?: string;
  rawPacket?: unknown;
}

/** Prints a failure's body; the app chooses the dialect. */
export type PrintFailure = (failure: Failure) => string;

const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  414: 'URI Too Long',
  431: 'Request Header Fields Too Large',
};

/** Names what Node's HTTP parser complains of. */
export function describeClientError(error: ClientError): Failure {
  const { code = '', rawPacket } = error;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return failure('request_too_slow', code);
  if (code === 'HPE_HEADER_OVERFLOW') {
    const lineEnd = Buffer.isBuffer(rawPacket) ? rawPacket.indexOf('\n') : 0;
    return failure(lineEnd === -1 || lineEnd > maxUrlLength ? 'url_too_large' : 'headers_too_large', code);
  }
  return failure('http_malformed', code);
}

function failure(
  code: 'request_too_slow' | 'url_too_large' | 'headers_too_large' | 'http_malformed',
  reason: string,
): Failure {
  return { code, status: statuses[code], facts: {}, reason };
}

/** Writes the answer to a socket that has no response object, and closes it. */
export function answerClientError(socket: Socket, described: Failure, requestId: string, print: PrintFailure): void {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const body = print(described);
  socket.end(
    [
      `HTTP/1.1 ${described.status} ${reasonPhrases[described.status] ?? 'Error'}`,
      'Content-Type: application/json; charset=utf-8',
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      `x-request-id: ${requestId}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
