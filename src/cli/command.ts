/** What a command is, and what it is given. */
import type { ParseArgsConfig } from 'node:util';
import type { Config, ConfigSources } from '../config.ts';
import type { ManagementClient } from '../client/management-client.ts';

export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface CommandInput {
  options: OptionValues;
  /** As many as the command names. */
  positionals: readonly string[];
}

export interface ConnectedInput extends CommandInput {
  client: ManagementClient;
  /** The operation meant: `--operation`, or the only one there is. */
  operation: () => Promise<string>;
}

interface CommandBase {
  /** What follows the command's name, such as `<agent-id>`. */
  positionals: readonly string[];
  options: NonNullable<ParseArgsConfig['options']>;
  /** A line an option, in the order they are shown. */
  optionHelp: readonly (readonly [option: string, help: string])[];
  examples: readonly string[];
}

/** A command that asks the management API. Gives the exit code. */
export interface ConnectedCommand extends CommandBase {
  run: (input: ConnectedInput) => Promise<number>;
}

/** A command that is the server. */
export interface ServerCommand extends CommandBase {
  runServer: (config: Config) => Promise<number>;
}

/** A command that needs no installation. */
export interface OfflineCommand extends CommandBase {
  runOffline: (input: CommandInput, sources: ConfigSources) => Promise<number>;
}

export type Command = ConnectedCommand | ServerCommand | OfflineCommand;

/** A command as `roster help` lists it. */
export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<Command>;
}

/** The exit codes, documented in the README. */
export const exitCodes = {
  ok: 0,
  /** The request was refused, or failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** `audit verify` found a fault. */
  fault: 3,
  /** Roster could not start, or could not be reached. */
  unavailable: 4,
} as const;

/** A wrong command line; the message says what is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option's text; undefined where it was not given. */
export function textOption({ options }: CommandInput, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** An option's texts, where it may be given several times. */
export function textOptions({ options }: CommandInput, name: string): string[] | undefined {
  const value = options[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined;
}

/** An option's whole number. Throws `UsageError` for other text. */
export function numberOption(input: CommandInput, name: string): number | undefined {
  const text = textOption(input, name);
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,12}$/.test(text)) throw new UsageError(`--${name} must be a whole number, not "${text}"`);
  return Number(text);
}

/** An option's whole number of at least 1. Throws `UsageError` for other text. */
export function countOption(input: CommandInput, name: string): number | undefined {
  const count = numberOption(input, name);
  if (count === 0) throw new UsageError(`--${name} must be at least 1`);
  return count;
}

/** The positional of that place; the parser has made sure that it is there. */
export function positional({ positionals }: CommandInput, index: number): string {
  return positionals[index] ?? '';
}

/** Options of every command that asks about one operation. */
export const operationOption = { operation: { type: 'string', short: 'o' } } as const;
export const operationHelp = ['-o, --operation <code>', 'the operation; not needed where there is only one'] as const;
