/**
 * What goes between the main thread and the one that writes: JSON text, a list of transactions a message one way, a list
 * of their outcomes the other. `null` asks the writer to finish and close.
 */
import type { ErrorCode, ErrorFacts } from '../domain/errors.ts';
import type { TransactionName } from '../domain/store.ts';

export interface WriterData {
  file: string;
  auditRoot: Uint8Array;
}

export interface WriterRequest {
  id: number;
  name: TransactionName;
  input: unknown;
}

export interface WriterError {
  code: ErrorCode;
  facts: ErrorFacts;
  message: string;
}

export interface WriterReply {
  id: number;
  result?: unknown;
  error?: WriterError;
}
