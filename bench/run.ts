/** `npm run bench`: measures creates beside their limits, shows them, and writes the document. See `--help`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAims } from './aims.ts';
import { printDocument, printLines, type Results, warnings } from './document.ts';
import { explainLimits } from './explain.ts';
import { formatCount, formatDuration, formatMilliseconds } from './format.ts';
import { describeMachine } from './machine.ts';
import type { Figure, Measurement, MeasurementTime } from './measurement.ts';
import { measurements } from './measurements.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { plotLines } from './plot.ts';
import { profileServer } from './profile.ts';
import { summarize } from './summary.ts';

/** So long a server needs under load until its code is compiled. */
const warmUpSeconds = 3;
/** To start and stop what is measured. */
const overheadSeconds = 2;
const profileName = 'profile';

interface Plan {
  measurements: Measurement[];
  withProfile: boolean;
  skipped: Results['skipped'];
}

async function makePlan({ only }: BenchOptions): Promise<Plan> {
  const isWanted = (name: string): boolean => only.length === 0 || only.some((start) => name.startsWith(start));
  const wanted = measurements.filter(({ name }) => isWanted(name));
  const withProfile = isWanted(profileName);
  if (wanted.length === 0 && !withProfile) {
    const names = [...measurements.map(({ name }) => name), profileName];
    throw new Error(`there is no measurement ${only.join(', ')}; there are ${names.join(', ')}`);
  }
  const skipped: { name: string; reason: string }[] = [];
  for (const { name, prepare } of wanted) {
    const reason = await prepare?.();
    if (reason !== undefined) skipped.push({ name, reason });
  }
  const isSkipped = ({ name }: Measurement): boolean => skipped.some((entry) => entry.name === name);
  return { measurements: wanted.filter((measurement) => !isSkipped(measurement)), withProfile, skipped };
}

function describeFigure({ perSecond, latency, failures }: Figure): string {
  const waits = latency && ` p50 ${formatMilliseconds(latency.p50)} p99 ${formatMilliseconds(latency.p99)}`;
  return `${formatCount(perSecond)}/s${waits ?? ''}${failures === 0 ? '' : ` (${failures} FAILED)`}`;
}

async function runRounds(plan: Plan, rounds: number, time: MeasurementTime): Promise<Map<string, Figure[]>> {
  const figures = new Map(plan.measurements.map(({ name }) => [name, [] as Figure[]]));
  const total = rounds * plan.measurements.length;
  const start = performance.now();
  let done = 0;
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`Round ${round} of ${rounds}`);
    for (const { name, title, measure } of plan.measurements) {
      process.stdout.write(`  ${title} … `);
      const figure = await measure(time);
      figures.get(name)?.push(figure);
      done += 1;
      const left = ((performance.now() - start) / 1000 / done) * (total - done);
      console.log(`${describeFigure(figure)}${left === 0 ? '' : `; ${formatDuration(left)} left`}`);
    }
  }
  return figures;
}

async function run(options: BenchOptions): Promise<void> {
  const { rounds, seconds, out } = options;
  const time = { warmUpSeconds, seconds };
  const plan = await makePlan(options);
  const runs = rounds * plan.measurements.length + (plan.withProfile ? 1 : 0);
  const expected = runs * (warmUpSeconds + seconds + overheadSeconds);
  console.log(
    `${plan.measurements.length} measurements, ${rounds} round${rounds === 1 ? '' : 's'}: about ${formatDuration(expected)}.`,
  );
  for (const { name, reason } of plan.skipped) console.log(`${name} is left out: ${reason}.`);
  const machine = await describeMachine();
  for (const warning of warnings(machine, [])) console.log(warning);
  const figures = await runRounds(plan, rounds, time);
  if (plan.withProfile) console.log('Profile of the server at 64 tokens …');
  const profiles = plan.withProfile ? await profileServer(time) : [];
  for (const { finish } of plan.measurements) await finish?.();
  const lines = summarize(plan.measurements, figures);
  const version = readVersion();
  const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
  const date = new Date().toISOString().slice(0, 10);
  const { skipped } = plan;
  const results = { command, date, version, rounds, seconds, warmUpSeconds, machine, lines, profiles, skipped };
  show(results);
  if (out !== undefined) write(out, results, figures);
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function show(results: Results): void {
  const { lines, machine } = results;
  console.log(`\n${printLines(lines)}\n\n${plotLines(lines)}\n`);
  for (const { aim, measured, reached } of judgeAims(lines)) {
    console.log(`${reached ? 'reached    ' : 'NOT REACHED'}  ${aim}: ${measured}`);
  }
  console.log();
  for (const sentence of [...explainLimits(results), ...warnings(machine, lines)]) console.log(`- ${sentence}`);
}

function write(folder: string, results: Results, figures: ReadonlyMap<string, readonly Figure[]>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'create.md'), printDocument(results));
  const json = join(folder, 'create.json');
  const everything = { ...results, aims: judgeAims(results.lines), figures: Object.fromEntries(figures) };
  writeFileSync(json, `${JSON.stringify(everything, roundNumber, 2)}\n`);
  // In the form that `npm run format:check` asks for.
  spawnSync('oxfmt', [json]);
  console.log(`\nWritten: ${join(folder, 'create.md')}, ${json}`);
}

const significantDigits = 5;

function roundNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(significantDigits)) : value;
}

await run(readOptions(process.argv.slice(2)));
