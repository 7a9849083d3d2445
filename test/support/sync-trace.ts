/** Reads what `test/faults/disk-shim.c` has witnessed, and proves from it what was on disk when. */
import type { KnownAgent } from './agents.ts';

export interface TracedEvent {
  kind: 'sync' | 'wal-write';
  path: string;
  /** Nanoseconds of the monotonic clock. */
  begin: number;
  end: number;
  /** The header of a frame that ends a transaction. */
  isCommit: boolean;
  marks: readonly string[];
}

export interface Trace {
  /** In the order they ended. */
  events: readonly TracedEvent[];
  /** When the write of an agent's answer began, by the agent's id. */
  answers: ReadonlyMap<string, number>;
}

/** Throws for a line of an unknown form. */
export function readTrace(text: string): Trace {
  const events: TracedEvent[] = [];
  const answers = new Map<string, number>();
  for (const line of text.split('\n').filter((entry) => entry !== '')) {
    const [kind, ...words] = line.split(' ');
    const [first = '', begin = '', end = '', commit, marks = '-'] = words;
    if (kind === 'answer') answers.set(begin, Number(first));
    else if (kind === 'sync' || kind === 'wal-write') {
      const isCommit = commit === '1';
      const found = marks === '-' ? [] : marks.split(',');
      events.push({ kind, path: first, begin: Number(begin), end: Number(end), isCommit, marks: found });
    } else throw new Error(`the trace has an unknown line: ${line}`);
  }
  return { events, answers };
}

/**
 * The agents of whom the trace does not prove that the transaction that made them was synced before their answer left:
 * the first write of the agent's dni to the log, the end of its transaction (the header of a commit frame and its page),
 * a sync begun after that and ended before the answer.
 */
export function findUnproven({ events, answers }: Trace, agents: readonly KnownAgent[]): KnownAgent[] {
  const writes = events.filter(({ kind }) => kind === 'wal-write');
  const syncs = events.filter(({ kind, path }) => kind === 'sync' && path.endsWith('-wal'));
  return agents.filter(({ dni, agentId }) => {
    const answered = answers.get(agentId) ?? -1;
    const page = writes.findIndex(({ marks }) => marks.includes(dni));
    if (page === -1) return true;
    // A page stands behind its frame's header: the page's own frame may be the one that commits.
    const commit = writes.findIndex(({ isCommit }, index) => isCommit && index >= page - 1);
    const written = commit === -1 ? undefined : writes[commit + 1];
    if (written === undefined) return true;
    return !syncs.some(({ begin, end }) => begin >= written.end && end <= answered);
  });
}

/** How many of the agents each transaction made, as far as it made any. */
export function countPerCommit({ events }: Trace, agents: readonly KnownAgent[]): number[] {
  const dnis = new Set(agents.map(({ dni }) => dni));
  const writes = events.filter(({ kind }) => kind === 'wal-write');
  const counts: number[] = [];
  let count = 0;
  for (const [index, { marks }] of writes.entries()) {
    // A page holds older agents too, and remains of cells that were moved: each dni counts where it is seen first.
    for (const dni of marks) if (dnis.delete(dni)) count += 1;
    // The page behind the header of a commit frame is the transaction's last.
    if (writes[index - 1]?.isCommit !== true) continue;
    if (count > 0) counts.push(count);
    count = 0;
  }
  return counts;
}
