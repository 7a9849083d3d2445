/** What can be completed, read from the commands' own help: so no list can be forgotten. */
import type { Command, CommandEntry } from './command.ts';
import { commonHelp } from './common-options.ts';

/** What may follow an option, or stand as a positional: certain words, files, folders, or what no shell can know. */
export type Values = readonly string[] | 'files' | 'folders' | 'anything';

export interface CompletionOption {
  /** As typed, the long one first. */
  names: readonly [long: string, ...short: string[]];
  help: string;
  /** Absent where it takes no value. */
  values?: Values;
}

export interface CompletionCommand {
  name: string;
  summary: string;
  options: readonly CompletionOption[];
  /** Of its first positional. */
  positional?: Values;
}

/** Loads every command and describes it. */
export async function describeCommands(entries: readonly CommandEntry[]): Promise<CompletionCommand[]> {
  return Promise.all(entries.map(async (entry) => describeCommand(entry, await entry.load())));
}

function describeCommand({ name, summary }: CommandEntry, command: Command): CompletionCommand {
  const own = command.optionHelp.map(([option, help]) => describeOption(option, help));
  const ownNames = new Set(own.map(({ names }) => names[0]));
  const common = commonHelp.map(([option, help]) => describeOption(option, help));
  const [placeholder] = command.positionals;
  return {
    name,
    summary,
    options: [...own, ...common.filter(({ names }) => !ownNames.has(names[0]))],
    ...(placeholder === undefined ? {} : { positional: readValues(placeholder, '') }),
  };
}

/** Reads such as `-o, --operation <code>`. */
function describeOption(option: string, help: string): CompletionOption {
  const words = option.split(/[\s,]+/);
  const placeholder = words.find((word) => word.startsWith('<'));
  const names = words.filter((word) => word.startsWith('-')).toSorted((a, b) => b.length - a.length);
  const [long = '', ...short] = names;
  return { names: [long, ...short], help, ...(placeholder ? { values: readValues(placeholder, long) } : {}) };
}

/** Reads such as `<yes|no>` or `<file>`; a setting's `<value>` says less than its name. */
function readValues(placeholder: string, option: string): Values {
  const text = placeholder.replace(/^<|>$/g, '');
  if (text.includes('|')) return text.split('|');
  if (text === 'folder' || option.endsWith('-dir')) return 'folders';
  if (text === 'file' || /-(?:file|certificate|key)$/.test(option)) return 'files';
  return 'anything';
}

/** The words that can follow `words`, such as `create` after `agent`, with what each is for. */
export function listNextWords(commands: readonly CompletionCommand[], words: string): Map<string, string> {
  const next = new Map<string, string>();
  for (const { name, summary } of commands) {
    if (words !== '' && !name.startsWith(`${words} `)) continue;
    const rest = words === '' ? name : name.slice(words.length + 1);
    const [word = '', ...more] = rest.split(' ');
    next.set(word, more.length === 0 ? summary : `${next.has(word) ? `${next.get(word)}, ` : ''}${more.join(' ')}`);
  }
  return next;
}

/** The first words that only begin a command, such as `agent`. */
export function listGroups(commands: readonly CompletionCommand[]): string[] {
  return [...new Set(commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : [])))];
}

/** Text as one word of bash or zsh. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
