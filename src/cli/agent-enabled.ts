import { type ConnectedCommand, exitCodes, operationHelp, operationOption, positional } from './command.ts';
import { printJson, printLine } from './output.ts';

/** The commands `agent enable` and `agent disable`. */
export function makeEnabledCommand(verb: 'enable' | 'disable'): ConnectedCommand {
  const enabled = verb === 'enable';
  return {
    positionals: ['<agent-id>'],
    options: operationOption,
    optionHelp: [operationHelp],
    examples: [`roster agent ${verb} 10000`],
    async run(input) {
      const agentId = positional(input, 0);
      await input.client.setAgentEnabled(await input.operation(), agentId, enabled);
      if (input.options['json'] === true) printJson({ agent_id: agentId, enabled });
      else printLine(`Agent ${agentId} is ${enabled ? 'enabled' : 'disabled'}.`);
      return exitCodes.ok;
    },
  };
}
