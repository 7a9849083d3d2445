/** The completion script for bash; it runs on the bash 3.2 of macOS too. */
import { type CompletionCommand, listGroups, listNextWords, quoteShell, type Values } from './completion-facts.ts';

const head = `# Completion of roster for bash, written by "roster completion bash".
_roster() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' words='' kind='' i
  COMPREPLY=()
  # bash makes --name=value three words.
  [ "$previous" = '=' ] && previous="\${COMP_WORDS[COMP_CWORD-2]}"
  [ "$current" = '=' ] && current=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in -*) break ;; esac
    command="\${command:+$command }\${COMP_WORDS[i]}"
  done
  case "$command " in`;

const foot = `  esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
  local IFS=$'\\n'
  case "$kind" in
    files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
    folders) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
  esac
}
complete -F _roster roster`;

function printValues(values: Values): string {
  if (values === 'anything') return ':';
  return typeof values === 'string' ? `kind=${values}` : `words=${quoteShell(values.join(' '))}`;
}

function printCommand({ name, options, positional }: CompletionCommand): string[] {
  const names = options.flatMap((option) => option.names).join(' ');
  const offered = `words=${quoteShell(names)}`;
  const rest =
    positional === undefined || positional === 'anything'
      ? offered
      : `case "$current" in -*) ${offered} ;; *) ${printValues(positional)} ;; esac`;
  return [
    `    ${quoteShell(`${name} `)}*)`,
    '      case "$previous" in',
    ...options.flatMap((option) =>
      option.values === undefined ? [] : [`        ${option.names.join('|')}) ${printValues(option.values)} ;;`],
    ),
    `        *) ${rest} ;;`,
    '      esac ;;',
  ];
}

export function printBash(commands: readonly CompletionCommand[]): string {
  const next = (words: string): string => [...listNextWords(commands, words).keys()].join(' ');
  return [
    head,
    `    ' ') words=${quoteShell(`${next('')} help --help`)} ;;`,
    ...listGroups(commands).map((group) => `    ${quoteShell(`${group} `)}) words=${quoteShell(next(group))} ;;`),
    ...commands.flatMap((command) => printCommand(command)),
    foot,
  ].join('\n');
}
