/** The queue of the slow hash: bounded, and told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPasswordHasher } from '../../src/platform/password-hasher.ts';

test('beyond flight and queue a password is turned away, and all of it is counted', async () => {
  const hasher = createPasswordHasher({ inFlight: 1, queue: 2 });
  const first = [hasher.hash('one'), hasher.hash('two'), hasher.hash('three')];
  assert.deepEqual(hasher.queue(), { running: 1, waiting: 2, refused: 0 });
  await assert.rejects(hasher.hash('four'), { code: 'unavailable', facts: { retryAfter: 1 } });
  assert.deepEqual(hasher.queue(), { running: 1, waiting: 2, refused: 1 });
  for (const hash of await Promise.all(first)) assert.match(hash, /^\$argon2id\$/);
  assert.deepEqual(hasher.queue(), { running: 0, waiting: 0, refused: 1 });
});
