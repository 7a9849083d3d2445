/** The completion script for fish. */
import {
  type CompletionCommand,
  type CompletionOption,
  listGroups,
  listNextWords,
  type Values,
} from './completion-facts.ts';

const head = `# Completion of roster for fish, written by "roster completion fish".
function __roster_words
    set -l tokens (commandline -opc)
    set -e tokens[1]
    for token in $tokens
        string match -q -- '-*' $token; and break
        echo $token
    end
end
# At these words exactly: the next one belongs to the command.
function __roster_at
    set -l words (__roster_words)
    test "$words" = "$argv[1]"
end
# The command is given; whatever follows are its options and positionals.
function __roster_in
    set -l words (__roster_words)
    string match -q -- "$argv[1] *" "$words "
end
complete -c roster -f`;

/** Text as one word of fish. */
function quoteFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function printValues(values: Values): string {
  if (values === 'files') return ' -r -F';
  if (values === 'folders') return " -x -a '(__fish_complete_directories)'";
  return values === 'anything' ? ' -x' : ` -x -a ${quoteFish(values.join(' '))}`;
}

function printOption(condition: string, { names, help, values }: CompletionOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  return `complete -c roster ${condition} ${flags}${values === undefined ? '' : printValues(values)} -d ${quoteFish(help)}`;
}

function printCommand({ name, options, positional }: CompletionCommand): string[] {
  const condition = `-n ${quoteFish(`__roster_in ${quoteFish(name)}`)}`;
  const lines = options.map((option) => printOption(condition, option));
  if (positional === 'files') return [...lines, `complete -c roster ${condition} -F`];
  if (positional === undefined || typeof positional === 'string') return lines;
  return [...lines, `complete -c roster ${condition} -a ${quoteFish(positional.join(' '))}`];
}

function printWords(after: string, words: Iterable<readonly [word: string, help: string]>): string[] {
  const condition = `-n ${quoteFish(`__roster_at ${quoteFish(after)}`)}`;
  return [...words].map(([word, help]) => `complete -c roster ${condition} -a ${word} -d ${quoteFish(help)}`);
}

export function printFish(commands: readonly CompletionCommand[]): string {
  return [
    head,
    ...printWords('', [...listNextWords(commands, ''), ['help', 'list the commands']]),
    ...listGroups(commands).flatMap((group) => printWords(group, listNextWords(commands, group))),
    ...commands.flatMap((command) => printCommand(command)),
  ].join('\n');
}
