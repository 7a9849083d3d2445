import { passwordHelp, passwordOption, readAgentOptions } from './agent-fields.ts';
import { type ConnectedCommand, exitCodes, operationHelp, operationOption } from './command.ts';
import { printFacts, printJson } from './output.ts';

export const agentCreate: ConnectedCommand = {
  positionals: [],
  options: {
    ...operationOption,
    ...passwordOption,
    dni: { type: 'string' },
    name: { type: 'string' },
    sso: { type: 'string' },
  },
  optionHelp: [
    operationHelp,
    ['--dni <text>', 'personal identification number (required)'],
    ['--name <text>', 'name (required)'],
    ['--sso <user>', "the network user, for the company's own sign-in"],
    passwordHelp,
  ],
  examples: [
    'roster agent create --dni 1020304050 --name "Ana Gómez" --sso ana.gomez',
    'roster agent create --dni 1020304050 --name "Ana Gómez" --password-stdin < password.txt',
  ],
  async run(input) {
    const agent = await input.client.createAgent(await input.operation(), await readAgentOptions(input));
    if (input.options['json'] === true) printJson(agent);
    else {
      printFacts([
        ['agent', agent.agent_id],
        ['password', `${agent.password}   (shown now and never again)`],
      ]);
    }
    return exitCodes.ok;
  },
};
