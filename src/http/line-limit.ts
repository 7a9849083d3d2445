/**
 * Keeps a flood of refusals from becoming a flood of log lines: of each outcome a hundred a second are told one by one, the
 * rest as one line with their number. Metrics count them all.
 */

/** Lines of one outcome in a second. */
const maxLines = 100;
const second = 1000;

export interface LineLimit {
  /** Whether this line is to be written; if not, it is counted. */
  admit(outcome: string): boolean;
}

/** `tell` gets an outcome and how many of it were left out, once a second at most. */
export function createLineLimit(tell: (outcome: string, leftOut: number) => void): LineLimit {
  const counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function endSecond(): void {
    timer = undefined;
    for (const [outcome, count] of counts) if (count > maxLines) tell(outcome, count - maxLines);
    counts.clear();
  }

  return {
    admit(outcome) {
      timer ??= setTimeout(endSecond, second).unref();
      const count = (counts.get(outcome) ?? 0) + 1;
      counts.set(outcome, count);
      return count <= maxLines;
    },
  };
}
