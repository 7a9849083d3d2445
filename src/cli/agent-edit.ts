import { passwordHelp, passwordOption, readAgentOptions } from './agent-fields.ts';
import { printAgent } from './agent-show.ts';
import { type ConnectedCommand, exitCodes, operationHelp, operationOption, positional, UsageError } from './command.ts';

export const agentEdit: ConnectedCommand = {
  positionals: ['<agent-id>'],
  options: {
    ...operationOption,
    ...passwordOption,
    dni: { type: 'string' },
    name: { type: 'string' },
    sso: { type: 'string' },
    'no-sso': { type: 'boolean' },
  },
  optionHelp: [
    operationHelp,
    ['--dni <text>', 'personal identification number'],
    ['--name <text>', 'name'],
    ['--sso <user>', 'the network user'],
    ['--no-sso', 'take the network user away'],
    passwordHelp,
  ],
  examples: ['roster agent edit 10000 --name "Ana María Gómez"', 'roster agent edit 10000 --no-sso'],
  async run(input) {
    const fields = await readAgentOptions(input);
    if (input.options['no-sso'] === true) {
      if (fields.agent_sso !== undefined) throw new UsageError('--sso and --no-sso exclude each other');
      fields.agent_sso = null;
    }
    if (Object.keys(fields).length === 0)
      throw new UsageError('say what to change; "roster agent edit --help" lists it');
    const agent = await input.client.editAgent(await input.operation(), positional(input, 0), fields);
    printAgent(agent, input.options['json'] === true);
    return exitCodes.ok;
  },
};
