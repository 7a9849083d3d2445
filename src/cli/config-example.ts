import { settings } from '../config.ts';
import { exitCodes, type OfflineCommand } from './command.ts';
import { printLine } from './output.ts';

const head = `# Roster's settings, each with its default. Remove the "#" before one to change it, and name this file with --config or
# ROSTER_CONFIG. A flag wins over the environment, the environment over this file. Printed by "roster config example".`;

export const configExample: OfflineCommand = {
  positionals: [],
  options: {},
  optionHelp: [],
  examples: ['roster config example > roster.conf'],
  async runOffline() {
    const parts = Object.values(settings).map(({ variable, help, fallback }) => `# ${help}\n#${variable}=${fallback}`);
    printLine([head, ...parts].join('\n\n'));
    return exitCodes.ok;
  },
};
