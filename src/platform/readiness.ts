/** Whether the installation can do its work: asked of the store and of the disk, at most once a second. */

/** What is in the way, in words, by the part that fails; undefined: nothing. */
export interface Readiness {
  database: string | undefined;
  disk: string | undefined;
}

export interface ReadinessSources {
  /** What keeps the store from making changes. Does not throw. */
  probe: () => Promise<{ part: keyof Readiness; reason: string } | undefined>;
  /** Bytes that are free on the data folder's disk. May throw. */
  findFreeSpace: () => Promise<number>;
  /** Bytes that must be free there. */
  minFree: number;
  /** Told when the answer becomes another. */
  onChange: (readiness: Readiness) => void;
}

/** How long an answer is good for, in milliseconds: so nobody can load the disk by asking. */
const lifetime = 1000;

/** Gives the question; those who ask at once, or soon after another, share one look. */
export function createReadiness(sources: ReadinessSources): () => Promise<Readiness> {
  let last: Readiness = { database: undefined, disk: undefined };
  let freshUntil = 0;
  let underWay: Promise<Readiness> | undefined;

  async function look(): Promise<Readiness> {
    try {
      const readiness = await lookAt(sources);
      // The reasons' numbers may change with every look; what is told is that a part fails, or works again.
      const isNews = (['database', 'disk'] as const).some(
        (part) => (last[part] === undefined) !== (readiness[part] === undefined),
      );
      last = readiness;
      freshUntil = performance.now() + lifetime;
      if (isNews) sources.onChange(readiness);
      return readiness;
    } finally {
      underWay = undefined;
    }
  }

  return async () => {
    if (performance.now() < freshUntil) return last;
    return (underWay ??= look());
  };
}

async function lookAt({ probe, findFreeSpace, minFree }: ReadinessSources): Promise<Readiness> {
  const [fault, space] = await Promise.all([probe(), describeSpace(findFreeSpace, minFree)]);
  const failedWrite = fault?.part === 'disk' ? `the last write failed (${fault.reason})` : undefined;
  const disk = [failedWrite, space].filter((reason) => reason !== undefined).join(', and ');
  return { database: fault?.part === 'database' ? fault.reason : undefined, disk: disk === '' ? undefined : disk };
}

async function describeSpace(findFreeSpace: () => Promise<number>, minFree: number): Promise<string | undefined> {
  try {
    const free = await findFreeSpace();
    if (free >= minFree) return undefined;
    return `${printMegabytes(free)} are free, fewer than ${printMegabytes(minFree)}`;
  } catch (error) {
    return `it cannot be asked for its free space (${error instanceof Error ? error.message : String(error)})`;
  }
}

function printMegabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}
