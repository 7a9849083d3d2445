/** Runs the command as a person would, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnv } from './server.ts';

export interface CommandResult {
  code: number | null;
  out: string;
  err: string;
}

const command = new URL('../../src/cli/roster.ts', import.meta.url).pathname;

export async function runCommand(
  dataDir: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<CommandResult> {
  const env = cleanEnv({ ROSTER_DATA_DIR: dataDir, ...options.env });
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
