/** The raw rate of this machine: argon2id with the server's parameters, as many at once as it computes, and no server. */
import { hash } from '@node-rs/argon2';
import { availableParallelism } from 'node:os';
import { argonOptions } from '../src/platform/password-hasher.ts';
import type { MeasurementTime } from './measurement.ts';
import { announceMeasuring, printResult, readTask } from './program.ts';

export interface HashTask extends MeasurementTime {
  password: string;
}

export interface HashResult {
  perSecond: number;
}

const { password, warmUpSeconds, seconds } = readTask<HashTask>();

async function run(forSeconds: number): Promise<HashResult> {
  let hashes = 0;
  const start = performance.now();
  const loop = async (): Promise<void> => {
    while (performance.now() < start + forSeconds * 1000) {
      await hash(password, argonOptions);
      hashes += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, loop));
  return { perSecond: (hashes * 1000) / (performance.now() - start) };
}

await run(warmUpSeconds);
announceMeasuring();
printResult(await run(seconds));
