/** What keeps changes from being made: remembered from the last commit that failed, until a write succeeds again. */
import type { CommitFacts } from './writer-messages.ts';
import type { Writer } from './writer.ts';

export interface StoreFault {
  /** What fails: the disk under the database, or the database itself. */
  part: 'database' | 'disk';
  /** In words, for the log. */
  reason: string;
}

/** How long the writer may take to answer a probe, in milliseconds. */
const patience = 2000;
/** SQLite's result codes that blame the disk. */
const diskCodes = /\bSQLITE_(FULL|IOERR|READONLY|CANTOPEN)/;

export interface FaultMemory {
  note(commit: CommitFacts): void;
  probe(writer: Pick<Writer, 'probe'>): Promise<StoreFault | undefined>;
}

export function createFaultMemory(): FaultMemory {
  let last: string | undefined;
  let underWay: Promise<string | undefined> | undefined;

  // While all is well an empty commit is enough: it finds a writer that is gone, stuck or locked out. After a failure
  // something is written, or a server that gets no more requests because it is not ready would never be ready again.
  async function ask(writer: Pick<Writer, 'probe'>): Promise<string | undefined> {
    const write = last !== undefined;
    try {
      await writer.probe(write);
      if (write) last = undefined;
      return last;
    } catch (error) {
      return describe(error instanceof Error ? error.message : String(error));
    } finally {
      underWay = undefined;
    }
  }

  return {
    note({ failure }) {
      if (failure !== undefined) last = describe(failure);
    },
    async probe(writer) {
      underWay ??= ask(writer);
      const reason = await within(patience, underWay);
      return reason === undefined ? undefined : { part: diskCodes.test(reason) ? 'disk' : 'database', reason };
    },
  };
}

/** The failure's words without the part's name, which stands before them anyway. */
function describe(failure: string): string {
  return failure.replace(/^database: /, '');
}

/** The answer, or words that there was none in time. */
async function within(limit: number, answer: Promise<string | undefined>): Promise<string | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`no answer from the writer within ${limit / 1000} s`), limit);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
