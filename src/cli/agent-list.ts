import type { AgentShape, ManagementClient } from '../client/management-client.ts';
import {
  type ConnectedCommand,
  type ConnectedInput,
  countOption,
  exitCodes,
  numberOption,
  operationHelp,
  operationOption,
  textOption,
  UsageError,
} from './command.ts';
import { printError, printJson, printTable } from './output.ts';

const pageSize = 1000;
const defaultLimit = 100;

export const agentList: ConnectedCommand = {
  positionals: [],
  options: {
    ...operationOption,
    search: { type: 'string' },
    enabled: { type: 'string' },
    limit: { type: 'string' },
    after: { type: 'string' },
  },
  optionHelp: [
    operationHelp,
    ['--search <words>', 'agents that have all these words, or words that begin so, in id, dni, name or sso'],
    ['--enabled <yes|no>', 'only agents that are enabled, or that are not'],
    ['--limit <n>', `agents at most (default ${defaultLimit})`],
    ['--after <agent-id>', 'go on after this agent'],
  ],
  examples: [
    'roster agent list',
    'roster agent list --search "ana gom"',
    'roster agent list --enabled no --limit 20 --after 10019',
  ],
  async run(input) {
    const question = readQuestion(input);
    const found = await findAgents(input.client, await input.operation(), question);
    if (input.options['json'] === true) printJson(found);
    else printAgents(found, question.search !== undefined);
    return exitCodes.ok;
  },
};

interface Question {
  search: string | undefined;
  enabled: boolean | undefined;
  limit: number;
  after: number;
}

function readQuestion(input: ConnectedInput): Question {
  const search = textOption(input, 'search');
  const enabled = textOption(input, 'enabled');
  const after = numberOption(input, 'after');
  if (enabled !== undefined && enabled !== 'yes' && enabled !== 'no') {
    throw new UsageError(`--enabled must be yes or no, not "${enabled}"`);
  }
  if (search !== undefined && after !== undefined) {
    throw new UsageError('--search and --after exclude each other: a search has one page; say more words to narrow it');
  }
  const limit = countOption(input, 'limit') ?? defaultLimit;
  return { search, enabled: enabled === undefined ? undefined : enabled === 'yes', limit, after: after ?? 0 };
}

interface Found {
  agents: AgentShape[];
  /** Agents of the operation; of a search, those found. */
  total: number;
  more: boolean;
}

async function findAgents(client: ManagementClient, operation: string, question: Question): Promise<Found> {
  const { search, enabled, limit } = question;
  const agents: AgentShape[] = [];
  let after: string | number = question.after;
  for (;;) {
    const size = Math.min(pageSize, limit - agents.length);
    const page = await client.listAgents(operation, { search, enabled, after, limit: size });
    for (const agent of page.agents) agents.push(agent);
    if (page.next === null || agents.length >= limit) return { agents, total: page.total, more: page.more };
    after = page.next;
  }
}

function printAgents({ agents, total, more }: Found, isSearch: boolean): void {
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
  const last = agents.at(-1)?.agent_id;
  if (isSearch) printError(`${agents.length} agents${more ? '; there may be more: say more words' : ''}`);
  else printError(`${agents.length} of ${total} agents${more && last !== undefined ? `; more after ${last}` : ''}`);
}
