import { type ConnectedCommand, exitCodes, positional } from './command.ts';
import { readSettings, settingHelp, settingOptions } from './operation-settings.ts';
import { printJson, printLine } from './output.ts';

export const operationEdit: ConnectedCommand = {
  positionals: ['<code>'],
  options: settingOptions,
  optionHelp: settingHelp,
  examples: [
    'roster operation edit 0001 --time-zone America/Bogota',
    'roster operation edit 0001 --unknown-fields refuse',
  ],
  async run(input) {
    const operation = await input.client.editOperation(positional(input, 0), readSettings(input));
    if (input.options['json'] === true) printJson(operation);
    else printLine(`Operation ${operation.code} has been changed.`);
    return exitCodes.ok;
  },
};
