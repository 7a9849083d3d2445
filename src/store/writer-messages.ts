/**
 * What goes between the main thread and the one that writes: JSON text, a list of transactions a message one way, a list
 * of their outcomes the other, with what became of their commit. `null` asks the writer to finish and close.
 */
import type { ErrorCode, ErrorFacts } from '../domain/errors.ts';
import type { TransactionName } from '../domain/store.ts';

export interface WriterData {
  file: string;
  auditRoot: Uint8Array;
}

export interface WriterRequest {
  id: number;
  /** A transaction; or a probe that touches the way to the disk and, where the input says `true`, writes. */
  name: TransactionName | 'probe';
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

/** What became of one commit. */
export interface CommitFacts {
  /** Transactions that shared it. */
  size: number;
  /** Milliseconds that the commit itself took, with its sync. */
  duration: number;
  /** What the database could not do: nothing of the commit is there. */
  failure?: string;
}

export interface WriterAnswer {
  replies: WriterReply[];
  commit: CommitFacts;
}
