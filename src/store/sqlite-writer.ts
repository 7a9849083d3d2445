/**
 * The thread that writes. It owns the one writing connection, so that no event loop waits for the disk; transactions
 * that arrive while a commit is under way share the next one (group commit). Each runs in a savepoint of its own: one
 * that fails leaves nothing and harms no other. Answers leave only after the commit they belong to.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { deriveAuditKeys } from '../domain/audit-chain.ts';
import { DomainError } from '../domain/errors.ts';
import { transactions } from '../domain/store.ts';
import type { Transaction } from '../domain/repositories.ts';
import { createConnection, openSqliteFile, type SqliteDatabase, translateSqliteError } from './sqlite-connection.ts';
import { createTransaction } from './transaction.ts';
import type { WriterData, WriterError, WriterReply, WriterRequest } from './writer-messages.ts';

/** Transactions in one commit at most: bounds how long the first one waits for the last. */
const maxBatch = 128;
const writerCacheMegabytes = 64;

type Body = (tx: Transaction, input: unknown) => Promise<unknown>;

async function runBatch(database: SqliteDatabase, tx: Transaction, batch: readonly WriterRequest[]): Promise<WriterReply[]> {
  try {
    database.exec('begin immediate');
    const replies: WriterReply[] = [];
    for (const request of batch) replies.push(await runOne(database, tx, request));
    database.exec('commit');
    return replies;
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    return batch.map(({ id }) => ({ id, error: describeError(error) }));
  }
}

/** Runs one body in its savepoint. Throws only what has ended the whole transaction, such as a full disk. */
async function runOne(database: SqliteDatabase, tx: Transaction, { id, name, input }: WriterRequest): Promise<WriterReply> {
  database.exec('savepoint one');
  try {
    const result = await (transactions[name] as Body)(tx, input);
    database.exec('release one');
    return { id, result };
  } catch (error) {
    if (!database.inTransaction) throw error;
    database.exec('rollback to one');
    database.exec('release one');
    return { id, error: describeError(error) };
  }
}

function describeError(thrown: unknown): WriterError {
  const error = translateSqliteError(thrown);
  if (error instanceof DomainError) return { code: error.code, facts: error.facts, message: error.message };
  return { code: 'unexpected', facts: {}, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function serve(port: MessagePort, { file, auditRoot }: WriterData): void {
  const database = openSqliteFile(file, { readonly: false, cacheMegabytes: writerCacheMegabytes });
  const tx = createTransaction(createConnection(database), deriveAuditKeys(auditRoot));
  const waiting: WriterRequest[] = [];
  let busy = false;
  let closing = false;

  function takeArrived(): void {
    for (let message = receiveMessageOnPort(port); message !== undefined; message = receiveMessageOnPort(port)) {
      accept(message.message as string);
    }
  }

  function accept(text: string): void {
    const requests = JSON.parse(text) as WriterRequest[] | null;
    if (requests === null) closing = true;
    else waiting.push(...requests);
  }

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      port.postMessage(JSON.stringify(await runBatch(database, tx, waiting.splice(0, maxBatch))));
      takeArrived();
    }
    busy = false;
    if (closing) {
      database.close();
      port.close();
    }
  }

  port.on('message', (text: string) => {
    accept(text);
    takeArrived();
    void work();
  });
  port.postMessage(JSON.stringify([]));
}

if (parentPort !== null) serve(parentPort, workerData as WriterData);

