import { type ConnectedCommand, exitCodes, operationHelp, operationOption, positional } from './command.ts';
import { printJson, printLine } from './output.ts';

export const tokenRevoke: ConnectedCommand = {
  positionals: ['<token-id>'],
  options: operationOption,
  optionHelp: [operationHelp],
  examples: ['roster token revoke 0aB1cD2eF3'],
  async run(input) {
    const tokenId = positional(input, 0);
    await input.client.revokeToken(await input.operation(), tokenId);
    if (input.options['json'] === true) printJson({ token_id: tokenId, revoked: true });
    else printLine(`Token ${tokenId} has been revoked. Its next request is refused.`);
    return exitCodes.ok;
  },
};
