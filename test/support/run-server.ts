/** Runs the server that ships to its own end: for starts that are to be refused. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnv } from './server.ts';

const command = new URL('../../src/cli/roster.ts', import.meta.url).pathname;

/** How long a start may take to be refused, in milliseconds. */
const patience = 30_000;

export interface ServerEnd {
  code: number | null;
  /** Everything it has printed. */
  output: string;
}

/** Runs it until it ends. Throws when it gets ready, or does neither, and ends it then. */
export async function runServer(env: Record<string, string>, user?: { uid: number; gid: number }): Promise<ServerEnd> {
  const child = spawn(process.execPath, [command, 'serve'], {
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let output = '';
  let unwanted: string | undefined;
  const end = (why: string): void => {
    unwanted ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => end('has not ended'), patience);
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    if (output.includes('Roster is ready at')) end('got ready');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  if (unwanted !== undefined) throw new Error(`the server ${unwanted}:\n${output}`);
  return { code, output };
}
