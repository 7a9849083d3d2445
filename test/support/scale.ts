/** How much of a long suite runs: all of it with `npm run test:full`, a tenth otherwise. */
export const isFull = process.env['TEST_FULL'] === '1';

/** The count of a suite's repetitions in this run. */
export function scaled(fullCount: number): number {
  return isFull ? fullCount : Math.ceil(fullCount / 10);
}
