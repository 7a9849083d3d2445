import { randomFillSync } from 'node:crypto';
import type { Random } from '../domain/ports.ts';

const poolSize = 8192;

/** Bytes of the operating system's generator, fetched a pool at a time: a small draw costs no system call. */
export function createRandom(): Random {
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  return {
    bytes(length) {
      if (length > poolSize) return randomFillSync(Buffer.alloc(length));
      if (used + length > poolSize) {
        randomFillSync(pool);
        used = 0;
      }
      const drawn = Buffer.from(pool.subarray(used, used + length));
      pool.fill(0, used, used + length);
      used += length;
      return drawn;
    },
  };
}
