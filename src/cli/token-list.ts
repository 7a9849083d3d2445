import { type ConnectedCommand, exitCodes, operationHelp, operationOption } from './command.ts';
import type { TokenShape } from '../client/management-client.ts';
import { printJson, printTable, printTime } from './output.ts';

export const tokenList: ConnectedCommand = {
  positionals: [],
  options: operationOption,
  optionHelp: [operationHelp],
  examples: ['roster token list', 'roster token list --operation 0002 --json'],
  async run({ client, options, operation }) {
    const tokens = await client.listTokens(await operation());
    if (options['json'] === true) printJson(tokens);
    else {
      printTable(
        ['TOKEN', 'STATE', 'AT ONCE', 'A DAY', 'LAST USED', 'SCOPES', 'NETWORKS', 'DESCRIPTION'],
        tokens.map((token) => [
          token.token_id,
          describeState(token),
          String(token.simultaneous_limit),
          String(token.daily_limit ?? '-'),
          printTime(token.last_used_at),
          token.scopes.join(' '),
          token.allowed_networks.join(' ') || '-',
          token.description || '-',
        ]),
      );
    }
    return exitCodes.ok;
  },
};

function describeState({ revoked_at: revokedAt, expires_at: expiresAt }: TokenShape): string {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'in use';
  return Date.parse(expiresAt) <= Date.now() ? 'expired' : `until ${printTime(expiresAt)}`;
}
