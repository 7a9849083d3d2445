import { readConfig } from '../config.ts';
import { exitCodes, type OfflineCommand } from './command.ts';
import { printJson, printTable } from './output.ts';
import { settingFlagHelp, settingFlags } from './setting-options.ts';

export const configShow: OfflineCommand = {
  positionals: [],
  options: settingFlags,
  optionHelp: settingFlagHelp,
  examples: ['roster config show', 'roster config show --config /etc/roster.conf --json'],
  async runOffline({ options }, sources) {
    const { inForce } = readConfig(sources);
    if (options['json'] === true) printJson(inForce);
    else {
      printTable(
        ['SETTING', 'VALUE', 'FROM'],
        inForce.map(({ variable, text, origin }) => [variable, text || '-', origin]),
      );
    }
    return exitCodes.ok;
  },
};
