#!/usr/bin/env node
/** The command `roster`: finds the command, reads its options, runs it, and turns what went wrong into words and a code. */
import { parseArgs } from 'node:util';
import { ApiError } from '../client/management-client.ts';
import { StartError } from '../config.ts';
import { type Command, type CommandInput, exitCodes, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { commonOptions } from './common-options.ts';
import { printCommandHelp, printHelp } from './help.ts';
import { printError } from './output.ts';

async function main(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv;
  if (first.startsWith('-') && first !== '--help' && first !== '-h')
    throw new UsageError('name the command first, then its options');
  const words = argv.findIndex((word) => word.startsWith('-'));
  const leading = words === -1 ? argv : argv.slice(0, words);
  if (leading.length === 0 || leading[0] === 'help') {
    printHelp();
    return leading.length === 0 && !argv.some((word) => word === '--help' || word === '-h')
      ? exitCodes.usage
      : exitCodes.ok;
  }
  const entry = commands.find(({ name }) => leading.slice(0, name.split(' ').length).join(' ') === name);
  if (entry === undefined) {
    throw new UsageError(`there is no command "${leading.slice(0, 2).join(' ')}"; "roster help" lists them`);
  }
  const command = await entry.load();
  const input = readInput(command, argv.slice(entry.name.split(' ').length));
  if (input.options['help'] === true) {
    printCommandHelp(entry, command);
    return exitCodes.ok;
  }
  checkPositionals(entry.name, command, input);
  const { runCommand } = await import('./run.ts');
  return runCommand(command, input);
}

function readInput(command: Command, args: readonly string[]): CommandInput {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...commonOptions, ...command.options },
      allowPositionals: true,
    });
    return { options: values, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function checkPositionals(name: string, { positionals }: Command, input: CommandInput): void {
  const wanted = positionals.length;
  const given = input.positionals.length;
  if (given < wanted) throw new UsageError(`${name} needs ${positionals.slice(given).join(' ')}`);
  if (given > wanted) throw new UsageError(`${name} does not take "${input.positionals[wanted]}"`);
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    printError(`roster: ${error.message}`);
    return exitCodes.usage;
  }
  if (error instanceof StartError) {
    printError(`roster: ${error.message}\n${error.remedy}`);
    return exitCodes.unavailable;
  }
  if (error instanceof ApiError) {
    printError(`roster: ${error.message}`);
    for (const { field, problem } of error.details) printError(`  ${field} ${problem}`);
    return error.status >= 500 ? exitCodes.unavailable : exitCodes.failed;
  }
  printError(`roster: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return exitCodes.failed;
}

// Whoever reads the output may stop before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : exitCodes.failed),
);
process.exitCode = await main(process.argv.slice(2)).catch(explain);
