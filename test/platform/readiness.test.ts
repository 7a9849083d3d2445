/** Readiness: asked at most once a second, and what is told of a change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createReadiness, type Readiness } from '../../src/platform/readiness.ts';

test('many questions in a second are one look; a change is told once', async () => {
  let looks = 0;
  const faults: { part: 'database'; reason: string }[] = [];
  const told: Readiness[] = [];
  const ask = createReadiness({
    async probe() {
      looks += 1;
      return faults[0];
    },
    findFreeSpace: async () => 100 * 2 ** 20,
    minFree: 2 ** 20,
    onChange: (readiness) => void told.push(readiness),
  });
  const sound = { database: undefined, disk: undefined };
  assert.deepEqual(
    await Promise.all(Array.from({ length: 100 }, ask)),
    Array.from({ length: 100 }, () => sound),
  );
  assert.deepEqual(await ask(), sound);
  assert.equal(looks, 1);
  faults.push({ part: 'database', reason: 'SQLITE_BUSY' });
  await wait(1050);
  const failing = { database: 'SQLITE_BUSY', disk: undefined };
  assert.deepEqual(await Promise.all([ask(), ask()]), [failing, failing]);
  assert.equal(looks, 2);
  await wait(1050);
  await ask();
  assert.deepEqual(told, [failing]);
});

test('a disk that cannot be asked is one that fails', async () => {
  const ask = createReadiness({
    probe: async () => undefined,
    findFreeSpace: () => Promise.reject(new Error('EIO: i/o error, statfs')),
    minFree: 0,
    onChange: () => undefined,
  });
  assert.equal((await ask()).disk, 'it cannot be asked for its free space (EIO: i/o error, statfs)');
});
