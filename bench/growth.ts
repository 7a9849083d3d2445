/**
 * How the server does as the roster grows: the same measurements at 1,000, 100,000 and 1,000,000 agents in one operation
 * and over 1,000, side by side, in interleaved rounds. Writes bench/results/growth.md. `npm run bench:growth`
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FillTask } from './fill.ts';
import { describeMachine } from './machine.ts';
import { measureGrown, type GrownFigure } from './grown-server.ts';
import { runProgram } from './program.ts';
import { describeSpread } from './statistics.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    sizes: { type: 'string', default: '1000,100000,1000000' },
    out: { type: 'string', default: new URL('results', import.meta.url).pathname },
  },
});
const rounds = Number(values.rounds);
const sizes = values.sizes.split(',').map(Number);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Column {
  name: string;
  folder: string;
  task: Omit<FillTask, 'dataDir'>;
  figures: GrownFigure[];
}

const root = await mkdtemp(join(tmpdir(), 'roster-growth-'));
const tasks = sizes.map((agents) => ({ agents, operations: 1 }));
tasks.push({ agents: sizes.at(-1) ?? 1000, operations: 1000 });
const columns: Column[] = [];
for (const task of tasks) {
  const name = `${task.agents.toLocaleString('en')} in ${task.operations.toLocaleString('en')}`;
  const folder = join(root, `${task.agents}-${task.operations}`);
  say(`filling ${name} …`);
  const { seconds } = await runProgram<{ seconds: number }>('fill.ts', { ...task, dataDir: folder } satisfies FillTask);
  say(
    `  ${Math.round(task.agents / seconds)} agents/s, ${(statSync(join(folder, 'roster.db')).size / 1e6).toFixed(0)} MB`,
  );
  columns.push({ name, folder, task, figures: [] });
}

for (let round = 1; round <= rounds; round += 1) {
  for (const column of columns) {
    say(`round ${round} of ${rounds}: ${column.name}`);
    const copy = join(root, 'measured');
    await cp(column.folder, copy, { recursive: true });
    column.figures.push(await measureGrown(copy, column.task.agents / column.task.operations));
    await rm(copy, { recursive: true, force: true });
  }
}

const rows: [label: string, unit: string, pick: (figure: GrownFigure) => number][] = [
  ['creates, 64 tokens', '/s', ({ creates }) => creates.perSecond],
  ['creates, p99', 'ms', ({ creates }) => creates.p99],
  ['one agent read, p50', 'ms', ({ read }) => read.p50],
  ['one agent read, p99', 'ms', ({ read }) => read.p99],
  ['first page of 100, p50', 'ms', ({ firstPage }) => firstPage.p50],
  ['last page of 100, p50', 'ms', ({ lastPage }) => lastPage.p50],
  ['search, p50', 'ms', ({ search }) => search.p50],
  ['search, p99', 'ms', ({ search }) => search.p99],
  ['spawn to ready', 's', ({ ready }) => ready],
  ['resident when ready', 'MB', ({ resident }) => resident],
  ['resident after the load', 'MB', ({ residentAfter }) => residentAfter],
  ['backup beside creates', 's', ({ backup }) => backup.seconds],
  ['creates beside the backup, p99', 'ms', ({ backup }) => backup.p99],
];

function printTable(): string {
  const head = `| | ${columns.map(({ name }) => name).join(' | ')} |`;
  const line = `| --- | ${columns.map(() => '---:').join(' | ')} |`;
  const body = rows.map(([label, unit, pick]) => {
    const cells = columns.map(({ figures }) => {
      const { median, min, max } = describeSpread(figures.map((figure) => pick(figure)));
      const digits = median >= 100 ? 0 : median >= 10 ? 1 : 2;
      return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
    });
    return `| ${label} (${unit}) | ${cells.join(' | ')} |`;
  });
  return [head, line, ...body].join('\n');
}

const machine = await describeMachine();
const table = printTable();
say(`\n${table}`);
const command = `npm run bench:growth -- --rounds ${rounds} --sizes ${values.sizes}`;
const text = `# Growth

The same measurements at several sizes: agents in operations. Median of ${rounds} rounds (smallest–largest), the sizes taking
turns within a round, each time on a fresh copy of the same data folder and with the load generator on the same machine.

Machine: ${machine.cores} cores of ${machine.processor}, ${machine.memoryGigabytes} GB, ${machine.kernel}, Node ${machine.node}, data on ${machine.fileSystem}, \`fdatasync\` p50 ${machine.sync.p50.toFixed(2)} ms.

Command: \`${command}\`

${table}

A create is one request of one of 64 connections with a token each; a read is \`information agents\` with one id; pages are
those of the management API; "resident" is the whole process's resident memory, from \`/proc\`; the backup is
\`roster backup\` in a process of its own while 8 connections create.
`;
await writeFile(join(values.out, 'growth.md'), text);
await rm(root, { recursive: true, force: true });
