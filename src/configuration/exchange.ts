/** One request by a known token, as the apis see it. */
import type { FastifyRequest } from 'fastify';
import type { Context } from '../domain/context.ts';
import type { OperationRecord, TokenRecord, TokenScope } from '../domain/records.ts';
import { readBody } from '../http/body.ts';
import { addLogFacts } from '../http/server.ts';
import { readJsonObject } from '../http/strict-json.ts';
import type { Success } from './envelope.ts';
import { printIgnored, type ReadFields, readFields } from './fields.ts';

/** Bytes of a body at most. */
export const bodyLimit = 65_536;

export interface Exchange {
  ctx: Context;
  request: FastifyRequest;
  token: TokenRecord;
  /** The token's text, for what is derived from it. */
  tokenText: string;
  operation: OperationRecord;
  query: (name: string) => string | undefined;
  /** Headers the answer carries, whether it succeeds or not. */
  headers: Record<string, string>;
  /** Milliseconds for the body. */
  bodyDeadline: number;
}

/** An entry of the table of apis. */
export interface Api {
  group: 'configuration' | 'information';
  name: string;
  method: 'GET' | 'POST' | 'PUT';
  /** What the token must allow; null: any token. */
  scope: TokenScope | null;
  /** Answers a request, whose work runs within `use`: a place of the token, and one use of its day. */
  answer: (exchange: Exchange, use: Use) => Promise<Success>;
}

export type Use = (work: () => Promise<Success>) => Promise<Success>;

/** Reads the body's fields; names what was ignored in a header and in the log. Throws what is wrong with its form. */
export async function readBodyFields(exchange: Exchange, known: readonly string[]): Promise<ReadFields> {
  const { request, operation, headers, bodyDeadline } = exchange;
  const body = await readBody(request.raw, { size: bodyLimit, deadline: bodyDeadline });
  const fields = readFields(readJsonObject(body), known, operation.unknownFields);
  if (fields.ignored.length > 0) {
    headers['x-roster-ignored'] = printIgnored(fields.ignored);
    addLogFacts(request, { ignored: headers['x-roster-ignored'] });
  }
  return fields;
}
