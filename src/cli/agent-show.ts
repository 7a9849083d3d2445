import type { AgentShape } from '../client/management-client.ts';
import { type ConnectedCommand, exitCodes, operationHelp, operationOption, positional } from './command.ts';
import { printFacts, printJson, printTime } from './output.ts';

export const agentShow: ConnectedCommand = {
  positionals: ['<agent-id>'],
  options: operationOption,
  optionHelp: [operationHelp],
  examples: ['roster agent show 10000'],
  async run(input) {
    printAgent(
      await input.client.showAgent(await input.operation(), positional(input, 0)),
      input.options['json'] === true,
    );
    return exitCodes.ok;
  },
};

export function printAgent(agent: AgentShape, json: boolean): void {
  if (json) return printJson(agent);
  printFacts([
    ['agent', agent.agent_id],
    ['dni', agent.agent_dni],
    ['name', agent.agent_name],
    ['sso', agent.agent_sso ?? '-'],
    ['enabled', agent.enabled ? 'yes' : 'no'],
    ['created', printTime(agent.created_at)],
    ['changed', printTime(agent.updated_at)],
    ['last sign-in', printTime(agent.last_sign_in_at)],
  ]);
}
