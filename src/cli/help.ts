import type { Command, CommandEntry } from './command.ts';
import { commands } from './commands.ts';
import { commonHelp } from './common-options.ts';
import { printLine } from './output.ts';

export function printHelp(): void {
  printLine('roster: the server through which other systems create contact-centre agents');
  printLine('\nUsage: roster <command> [options]\n\nCommands:');
  const width = Math.max(...commands.map(({ name }) => name.length));
  for (const { name, summary } of commands) printLine(`  ${name.padEnd(width)}  ${summary}`);
  printLine('\n"roster <command> --help" tells more. The commands work beside a running server and without one.');
}

export function printCommandHelp({ name, summary }: CommandEntry, command: Command): void {
  printLine(`roster ${name}: ${summary}`);
  printLine(`\nUsage: roster ${[name, ...command.positionals].join(' ')} [options]\n\nOptions:`);
  const own = new Set(command.optionHelp.map(([option]) => option.split(' ')[0]));
  const lines = [...command.optionHelp, ...commonHelp.filter(([option]) => !own.has(option.split(' ')[0]))];
  const width = Math.max(...lines.map(([option]) => option.length));
  for (const [option, help] of lines) printLine(`  ${option.padEnd(width)}  ${help}`);
  printLine(`\nExamples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`);
}
