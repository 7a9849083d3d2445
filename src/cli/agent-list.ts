import {
  type ConnectedCommand,
  exitCodes,
  countOption,
  numberOption,
  operationHelp,
  operationOption,
} from './command.ts';
import { printError, printJson, printTable } from './output.ts';

const pageSize = 1000;
const defaultLimit = 100;

export const agentList: ConnectedCommand = {
  positionals: [],
  options: { ...operationOption, limit: { type: 'string' }, after: { type: 'string' } },
  optionHelp: [
    operationHelp,
    ['--limit <n>', `agents at most (default ${defaultLimit})`],
    ['--after <agent-id>', 'go on after this agent'],
  ],
  examples: ['roster agent list', 'roster agent list --limit 20 --after 10019'],
  async run(input) {
    const { client, options } = input;
    const operation = await input.operation();
    const limit = countOption(input, 'limit') ?? defaultLimit;
    const agents = [];
    let total = 0;
    let after: string | undefined = String(numberOption(input, 'after') ?? 0);
    while (agents.length < limit && after !== undefined) {
      const page = await client.listAgents(operation, { after, limit: Math.min(pageSize, limit - agents.length) });
      for (const agent of page.agents) agents.push(agent);
      ({ total } = page);
      after = page.next ?? undefined;
    }
    if (options['json'] === true) {
      printJson({ agents, total });
      return exitCodes.ok;
    }
    printTable(
      ['AGENT', 'DNI', 'NAME', 'SSO', 'ENABLED'],
      agents.map((agent) => [
        agent.agent_id,
        agent.agent_dni,
        agent.agent_name,
        agent.agent_sso ?? '-',
        agent.enabled ? 'yes' : 'no',
      ]),
    );
    printError(`${agents.length} of ${total} agents`);
    return exitCodes.ok;
  },
};
