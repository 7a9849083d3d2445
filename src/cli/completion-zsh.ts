/** The completion script for zsh: to be put on `fpath` as `_roster`, or to be sourced. */
import { type CompletionCommand, listGroups, listNextWords, quoteShell, type Values } from './completion-facts.ts';

const head = `#compdef roster
# Completion of roster for zsh, written by "roster completion zsh".
_roster() {
  local command='' previous="\${words[CURRENT-1]}" i
  local -a candidates
  for ((i = 2; i < CURRENT; i++)); do
    [[ "\${words[i]}" == -* ]] && break
    command="\${command:+$command }\${words[i]}"
  done
  case "$command " in`;

const foot = `  esac
}
if [[ "\${funcstack[1]}" == _roster ]]; then _roster "$@"; else compdef _roster roster; fi`;

/** A list of words with what each is for, as `_describe` takes it. */
function printDescribed(tag: string, words: Iterable<readonly [word: string, help: string]>): string {
  const entries = [...words].map(([word, help]) => quoteShell(`${word.replaceAll(':', '\\:')}:${help}`));
  return `candidates=(${entries.join(' ')}); _describe ${tag === 'option' ? '-o ' : ''}${tag} candidates`;
}

function printValues(values: Values): string {
  if (values === 'files') return '_files';
  if (values === 'folders') return '_files -/';
  if (values === 'anything') return ':';
  return `candidates=(${values.map((value) => quoteShell(value)).join(' ')}); _describe value candidates`;
}

function printCommand({ name, options, positional }: CompletionCommand): string[] {
  const offered = printDescribed(
    'option',
    options.flatMap(({ names, help }) => names.map((option) => [option, help] as const)),
  );
  const rest =
    positional === undefined || positional === 'anything'
      ? offered
      : `if [[ "\${words[CURRENT]}" == -* ]]; then ${offered}; else ${printValues(positional)}; fi`;
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

export function printZsh(commands: readonly CompletionCommand[]): string {
  return [
    head,
    `    ' ') ${printDescribed('command', [...listNextWords(commands, ''), ['help', 'list the commands']])} ;;`,
    ...listGroups(commands).map(
      (group) => `    ${quoteShell(`${group} `)}) ${printDescribed('command', listNextWords(commands, group))} ;;`,
    ),
    ...commands.flatMap((command) => printCommand(command)),
    foot,
  ].join('\n');
}
