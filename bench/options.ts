/** What the command line asks for. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  rounds: number;
  /** Seconds of each measurement, without its warm-up. */
  seconds: number;
  /** Names of measurements, or how they begin; none: all. */
  only: string[];
  /** Folder for the document; undefined: none is written. */
  out: string | undefined;
}

const defaultOut = new URL('results', import.meta.url).pathname;

const help = `Usage: npm run bench -- [--rounds N] [--seconds N] [--only NAME]... [--out FOLDER]

Measures creates a second beside their limits, in interleaved rounds, and writes bench/results/create.md.

  --rounds N    how often each measurement is repeated (5)
  --seconds N   how long each takes, after its warm-up (4)
  --only NAME   only measurements whose name is NAME or begins with it; then nothing is written
                unless --out says where
  --out FOLDER  where create.md and create.json are written
`;

/** Reads the options; prints the help and ends the process where it is asked for. Throws for what it does not know. */
export function readOptions(argv: string[]): BenchOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  const { only } = values;
  return {
    rounds: readPositive('rounds', values.rounds),
    seconds: readPositive('seconds', values.seconds),
    only,
    out: values.out ?? (only.length === 0 ? defaultOut : undefined),
  };
}

function readPositive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0) || (name === 'rounds' && !Number.isInteger(number))) {
    throw new Error(`--${name} must be a number above 0, not ${text}`);
  }
  return number;
}
