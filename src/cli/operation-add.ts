import { type ConnectedCommand, exitCodes, positional } from './command.ts';
import { readSettings, settingHelp, settingOptions } from './operation-settings.ts';
import { printJson, printLine } from './output.ts';

export const operationAdd: ConnectedCommand = {
  positionals: ['<code>'],
  options: settingOptions,
  optionHelp: settingHelp,
  examples: ['roster operation add 0002 --name "Bogotá" --time-zone America/Bogota'],
  async run(input) {
    const operation = await input.client.addOperation({ code: positional(input, 0), ...readSettings(input) });
    if (input.options['json'] === true) printJson(operation);
    else printLine(`Operation ${operation.code} has been added.`);
    return exitCodes.ok;
  },
};
