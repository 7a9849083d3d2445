import {
  type ConnectedCommand,
  exitCodes,
  numberOption,
  operationHelp,
  operationOption,
  positional,
} from './command.ts';
import { printShownToken } from './shown-token.ts';

export const tokenRotate: ConnectedCommand = {
  positionals: ['<token-id>'],
  options: { ...operationOption, grace: { type: 'string' } },
  optionHelp: [operationHelp, ['--grace <seconds>', 'how long the old token lives on (default 86400, a day)']],
  examples: ['roster token rotate 0aB1cD2eF3', 'roster token rotate 0aB1cD2eF3 --grace 3600'],
  async run(input) {
    const grace = numberOption(input, 'grace');
    const token = await input.client.rotateToken(await input.operation(), positional(input, 0), grace);
    printShownToken(token, input.options['json'] === true);
    return exitCodes.ok;
  },
};
