import {
  type ConnectedCommand,
  exitCodes,
  numberOption,
  operationHelp,
  operationOption,
  textOption,
  textOptions,
} from './command.ts';
import { printShownToken } from './shown-token.ts';

export const tokenCreate: ConnectedCommand = {
  positionals: [],
  options: {
    ...operationOption,
    description: { type: 'string' },
    scope: { type: 'string', multiple: true },
    simultaneous: { type: 'string' },
    'daily-limit': { type: 'string' },
    expires: { type: 'string' },
    network: { type: 'string', multiple: true },
  },
  optionHelp: [
    operationHelp,
    ['--description <text>', 'what the token is for'],
    ['--scope <scope>', 'agents:create, agents:write or agents:read; several times; all unless given'],
    ['--simultaneous <n>', 'requests at once, 1 to 64 (default 1)'],
    ['--daily-limit <n>', 'requests a day (default: no limit)'],
    ['--expires <date>', 'when it ends, such as 2027-01-31 (default: never)'],
    ['--network <block>', 'where it may be used from, such as 10.0.0.0/8; several times; anywhere unless given'],
  ],
  examples: [
    'roster token create --description "HR system"',
    'roster token create --description "Nightly import" --scope agents:create --daily-limit 5000 --network 10.0.0.0/8',
  ],
  async run(input) {
    const description = textOption(input, 'description');
    const scopes = textOptions(input, 'scope');
    const simultaneous = numberOption(input, 'simultaneous');
    const dailyLimit = numberOption(input, 'daily-limit');
    const expires = textOption(input, 'expires');
    const networks = textOptions(input, 'network');
    const token = await input.client.createToken(await input.operation(), {
      ...(description === undefined ? {} : { description }),
      ...(scopes === undefined ? {} : { scopes }),
      ...(simultaneous === undefined ? {} : { simultaneous_limit: simultaneous }),
      ...(dailyLimit === undefined ? {} : { daily_limit: dailyLimit }),
      ...(expires === undefined ? {} : { expires_at: expires }),
      ...(networks === undefined ? {} : { allowed_networks: networks }),
    });
    printShownToken(token, input.options['json'] === true);
    return exitCodes.ok;
  },
};
