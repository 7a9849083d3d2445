/** Runs a program of a measurement: it reads a task from its command line, says `measuring`, and prints its result. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cleanEnv } from '../test/support/server.ts';

/** What a program says when its warm-up is over. */
export const measuringLine = 'measuring';

export interface ProgramHooks<Result> {
  /** Called when the warm-up is over. */
  onMeasuring?: () => void;
  /** Called as soon as the result is there. */
  onResult?: (result: Result) => void;
}

/** Runs a program of this folder. Throws when it fails, with what it wrote to its standard error. */
export async function runProgram<Result>(
  name: string,
  task: object,
  hooks: ProgramHooks<Result> = {},
): Promise<Result> {
  const script = new URL(name, import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(task)], {
    env: cleanEnv({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  let result: Result | undefined;
  for await (const line of createInterface(child.stdout)) {
    if (line === measuringLine) {
      hooks.onMeasuring?.();
    } else {
      result = JSON.parse(line) as Result;
      hooks.onResult?.(result);
    }
  }
  await ended;
  if (result === undefined) throw new Error(`${name} gave no result: ${complaints}`);
  return result;
}

/** The task of the program that this process is. */
export function readTask<Task>(): Task {
  return JSON.parse(process.argv[2] ?? '{}') as Task;
}

/** Says that the warm-up is over. */
export function announceMeasuring(): void {
  process.stdout.write(`${measuringLine}\n`);
}

export function printResult(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
