/** Finds a user without rights to run a server as, whoever runs the tests. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const command = new URL('../../src/cli/roster.ts', import.meta.url).pathname;
/** The user `nobody`, on every Linux. */
const nobody = { uid: 65_534, gid: 65_534 };

export type Unprivileged =
  /** `self`: who runs the tests has no special rights. */
  | { user: 'self' | typeof nobody }
  /** There is none, and why. */
  | { user: undefined; obstacle: string };

export async function findUnprivilegedUser(): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { user: 'self' };
  try {
    await promisify(execFile)(process.execPath, [command, 'help'], { ...nobody, cwd: '/' });
    return { user: nobody };
  } catch {
    return { user: undefined, obstacle: 'root runs the tests, and the user nobody cannot run the program' };
  }
}
