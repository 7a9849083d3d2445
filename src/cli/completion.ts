import { type CommandEntry, exitCodes, type OfflineCommand, positional, UsageError } from './command.ts';
import { printBash } from './completion-bash.ts';
import { type CompletionCommand, describeCommands } from './completion-facts.ts';
import { printFish } from './completion-fish.ts';
import { printZsh } from './completion-zsh.ts';
import { printLine } from './output.ts';

const shells: Record<string, (commands: readonly CompletionCommand[]) => string> = {
  bash: printBash,
  zsh: printZsh,
  fish: printFish,
};

/** The command that prints a shell's completion of the commands given, of which it is one. */
export function makeCompletion(commands: readonly CommandEntry[]): OfflineCommand {
  return {
    positionals: [`<${Object.keys(shells).join('|')}>`],
    options: {},
    optionHelp: [],
    examples: [
      'source <(roster completion bash)              # in ~/.bashrc',
      'roster completion zsh > "${fpath[1]}/_roster"',
      'roster completion fish > ~/.config/fish/completions/roster.fish',
    ],
    async runOffline(input) {
      const shell = positional(input, 0);
      const print = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
      if (print === undefined) {
        throw new UsageError(`completion is for ${Object.keys(shells).join(', ')}, not for "${shell}"`);
      }
      printLine(print(await describeCommands(commands)));
      return exitCodes.ok;
    },
  };
}
