/**
 * Slows a flood of refusals down: beyond a hundred in a tenth of a second, each further one is answered a little later, at
 * times spread evenly. Whoever waits for answers before asking again then asks less, and the others keep their time.
 */
import { setTimeout as wait } from 'node:timers/promises';

/** Refusals answered at once in each span of time. */
const free = 100;
/** Milliseconds. */
const span = 100;
const shortest = 50;
const longest = 150;

/** Gives what a refusal has to wait for: nothing, or its later time. */
export function createBrake(): () => Promise<void> {
  let spanEnds = 0;
  let count = 0;
  return async () => {
    const now = performance.now();
    if (now >= spanEnds) {
      spanEnds = now + span;
      count = 0;
    }
    count += 1;
    if (count > free) await wait(shortest + Math.random() * (longest - shortest));
  };
}
