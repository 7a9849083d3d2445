/**
 * The thread that writes. It owns the one writing connection, so that no event loop waits for the disk; transactions
 * that arrive while a commit is under way share the next one (group commit). Each runs in a savepoint of its own: one
 * that fails leaves nothing and harms no other. Answers leave only after the commit they belong to.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { deriveAuditKeys } from '../domain/audit-chain.ts';
import { DomainError } from '../domain/errors.ts';
import type { Transaction } from '../domain/repositories.ts';
import { transactions } from '../domain/store.ts';
import { createConnection, openSqliteFile, type SqliteDatabase, translateSqliteError } from './sqlite-connection.ts';
import { createTransaction } from './transaction.ts';
import type { WriterAnswer, WriterData, WriterError, WriterReply, WriterRequest } from './writer-messages.ts';

/**
 * How many transactions share a commit: as many as can be run in the time that a commit takes, and at least this many. So
 * a slow disk is asked seldom, and with a fast one the answers of one batch are sent while the next is written.
 */
const minBatch = 16;
const maxBatch = 512;
const writerCacheMegabytes = 64;
/** Writes something that is not what was there: the same bytes would not reach the disk. */
const touchInstallation = `insert into installation (name, value) values ('write_probe', hex(randomblob(8)))
  on conflict (name) do update set value = excluded.value`;

type Body = (tx: Transaction, input: unknown) => Promise<unknown>;

/** The connection, what runs on it, and the statements around a body. */
interface Session {
  database: SqliteDatabase;
  tx: Transaction;
  control: Record<'begin' | 'commit' | 'save' | 'release' | 'undo' | 'touch', () => void>;
  /** Milliseconds that the last commit took. */
  commitTime: number;
}

function openSession({ file, auditRoot }: WriterData): Session {
  const database = openSqliteFile(file, { readonly: false, cacheMegabytes: writerCacheMegabytes });
  const prepare = (text: string): (() => void) => {
    const statement = database.prepare(text);
    return () => void statement.run();
  };
  return {
    database,
    tx: createTransaction(createConnection(database), deriveAuditKeys(auditRoot)),
    control: {
      begin: prepare('begin immediate'),
      commit: prepare('commit'),
      save: prepare('savepoint body'),
      release: prepare('release body'),
      undo: prepare('rollback to body'),
      touch: prepare(touchInstallation),
    },
    commitTime: 0,
  };
}

/** Runs what waits, or a part of it, in one commit; takes it out of `waiting` and gives the replies. */
async function runBatch(session: Session, waiting: WriterRequest[]): Promise<WriterAnswer> {
  const { database, control } = session;
  const batch: WriterRequest[] = [];
  const replies: WriterReply[] = [];
  try {
    const start = performance.now();
    control.begin();
    while (batch.length < minBatch || (batch.length < maxBatch && performance.now() - start < session.commitTime)) {
      const request = waiting[batch.length];
      if (request === undefined) break;
      batch.push(request);
      replies.push(await runBody(session, request));
    }
    const committing = performance.now();
    control.commit();
    const duration = performance.now() - committing;
    const size = countTransactions(batch);
    // A probe's empty commit says nothing of how long a real one takes.
    if (size > 0) session.commitTime = duration;
    return { replies, commit: { size, duration } };
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    const failed = batch.length === 0 ? waiting : batch;
    const described = describeError(error);
    return {
      replies: failed.map(({ id }) => ({ id, error: described })),
      commit: { size: countTransactions(failed), duration: 0, failure: described.message },
    };
  } finally {
    waiting.splice(0, batch.length === 0 ? waiting.length : batch.length);
  }
}

function countTransactions(batch: readonly WriterRequest[]): number {
  let count = 0;
  for (const { name } of batch) if (name !== 'probe') count += 1;
  return count;
}

/** Runs one body in its savepoint. Throws only what has ended the whole transaction, such as a full disk. */
async function runBody({ database, tx, control }: Session, { id, name, input }: WriterRequest): Promise<WriterReply> {
  if (name === 'probe') {
    if (input === true) control.touch();
    return { id };
  }
  control.save();
  try {
    const result = await (transactions[name] as Body)(tx, input);
    control.release();
    return { id, result };
  } catch (error) {
    if (!database.inTransaction) throw error;
    control.undo();
    control.release();
    return { id, error: describeError(error) };
  }
}

function describeError(thrown: unknown): WriterError {
  const error = translateSqliteError(thrown);
  if (error instanceof DomainError) return { code: error.code, facts: error.facts, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'unexpected', facts: {}, message };
}

function serve(port: MessagePort, data: WriterData): void {
  const session = openSession(data);
  const waiting: WriterRequest[] = [];
  let busy = false;
  let closing = false;

  function accept(text: string): void {
    const requests = JSON.parse(text) as WriterRequest[] | null;
    if (requests === null) closing = true;
    else waiting.push(...requests);
  }

  function acceptArrived(): void {
    for (let message = receiveMessageOnPort(port); message !== undefined; message = receiveMessageOnPort(port)) {
      accept(message.message as string);
    }
  }

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      port.postMessage(JSON.stringify(await runBatch(session, waiting)));
      acceptArrived();
    }
    busy = false;
    if (closing) {
      session.database.close();
      port.close();
    }
  }

  port.on('message', (text: string) => {
    accept(text);
    acceptArrived();
    void work();
  });
  // Says that the connection is open and the writer listens.
  port.postMessage(JSON.stringify([]));
}

if (parentPort !== null) serve(parentPort, workerData as WriterData);
