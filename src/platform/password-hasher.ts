import { hash } from '@node-rs/argon2';
import { DomainError } from '../domain/errors.ts';
import type { PasswordHasher } from '../domain/ports.ts';

/** OWASP Password Storage Cheat Sheet: argon2id (the package's algorithm 2) with m = 19 MiB, t = 2, p = 1. */
export const argonOptions = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface HasherLimits {
  /** Hashes computed at once: one a core, so that nothing else starves. */
  inFlight: number;
  /** Hashes that may wait; beyond them the caller is told to come back. */
  queue: number;
}

export interface HashQueue {
  running: number;
  waiting: number;
  /** Turned away since the start, because too many waited. */
  refused: number;
}

export interface BoundedPasswordHasher extends PasswordHasher {
  queue(): HashQueue;
}

/** Argon2id in the thread pool, with bounded flight and queue. */
export function createPasswordHasher({ inFlight, queue }: HasherLimits): BoundedPasswordHasher {
  const waiting: (() => void)[] = [];
  let running = 0;
  let refused = 0;

  return {
    queue: () => ({ running, waiting: waiting.length, refused }),
    async hash(password) {
      if (running < inFlight) running += 1;
      else if (waiting.length < queue) await new Promise<void>((resolve) => void waiting.push(resolve));
      else {
        refused += 1;
        throw new DomainError('unavailable', { retryAfter: 1 }, 'too many passwords wait to be hashed');
      }
      try {
        return await hash(password, argonOptions);
      } finally {
        // The place goes to the next in line, or is given up.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
