/** The main thread's side of the thread that writes. */
import { Worker } from 'node:worker_threads';
import { DomainError } from '../domain/errors.ts';
import type { Store } from '../domain/store.ts';
import type { CommitFacts, WriterAnswer, WriterData, WriterReply, WriterRequest } from './writer-messages.ts';

/** When to ask again after the writer is gone, in seconds: a restart takes less. */
const retryAfter = 5;

export interface Writer {
  transact: Store['transact'];
  /**
   * Goes the way of a transaction without being one: settles when a commit has been done, in which something was written
   * if that was asked for. Throws `unavailable`.
   */
  probe(write: boolean): Promise<void>;
  /** Transactions that wait for their commit. */
  queueLength(): number;
  /** Finishes what was asked, then closes the connection. */
  close(): Promise<void>;
}

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
}

/**
 * Starts the writer. Transactions asked for in one turn of the event loop travel in one message.
 *
 * @param on.death told when the thread ends by itself; whatever it held is answered `unavailable`
 * @param on.commit told what became of each commit
 */
export async function startWriter(
  data: WriterData,
  on: { death: (error: Error) => void; commit: (commit: CommitFacts) => void },
): Promise<Writer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./sqlite-writer.${extension}`, import.meta.url), { workerData: data });
  const waiting = new Map<number, Waiting>();
  let outbox: WriterRequest[] = [];
  let nextId = 1;
  let closed = false;

  function post(): void {
    const requests = outbox;
    outbox = [];
    worker.postMessage(JSON.stringify(requests));
  }

  function settle({ id, result, error }: WriterReply): void {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result as never);
    else caller?.reject(new DomainError(error.code, error.facts, error.message));
  }

  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      resolve();
    });
  });
  worker.on('message', (text: string) => {
    const { replies, commit } = JSON.parse(text) as WriterAnswer;
    for (const reply of replies) settle(reply);
    on.commit(commit);
  });
  worker.on('error', (error) => {
    closed = true;
    for (const { reject } of waiting.values())
      reject(new DomainError('unavailable', { retryAfter }, 'the writer ended'));
    waiting.clear();
    on.death(error instanceof Error ? error : new Error(String(error)));
  });

  function ask<Result>(name: WriterRequest['name'], input: unknown): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(new DomainError('unavailable', { retryAfter }, 'the store is closed'));
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      if (outbox.push({ id, name, input }) === 1) setImmediate(post);
    });
  }

  return {
    transact: ask,
    probe: (write) => ask('probe', write),
    queueLength: () => waiting.size,
    async close() {
      if (closed) return;
      closed = true;
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      if (outbox.length > 0) post();
      worker.postMessage('null');
      await exited;
    },
  };
}
