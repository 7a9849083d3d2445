import assert from 'node:assert/strict';
import type { TestServer } from './server.ts';

/** Milliseconds within which a server that is asked to stop must have ended. */
const stopWithin = 10_000;

/** Asks the server to stop; it must end with code 0 in time, and is killed otherwise. Gives the milliseconds it took. */
export async function stopInTime(server: TestServer): Promise<number> {
  const begin = performance.now();
  const timer = setTimeout(() => server.process.kill('SIGKILL'), stopWithin);
  const code = await server.stop();
  clearTimeout(timer);
  assert.equal(code, 0, code === null ? `killed: it had not ended after ${stopWithin} ms` : 'the exit code');
  return Math.round(performance.now() - begin);
}
