import { listAgents, showAgent } from '../domain/agents.ts';
import type { AgentRecord, OperationRecord } from '../domain/records.ts';
import { formatLocalTime } from '../domain/time-zone.ts';
import type { Api, Exchange } from './exchange.ts';

/** Rows of an answer at most. */
const maxRows = 60_000;
/** Rows read at a time; between two pages other requests have their turn. */
const pageRows = 1000;

export const listAgentsApi: Api = {
  group: 'information',
  name: 'agents',
  method: 'GET',
  scope: 'agents:read',
  answer(exchange, use) {
    return use(async () => {
      const agentId = exchange.query('agent');
      const agents = agentId ? [await showAgent(exchange.ctx, agentId)] : await readAll(exchange);
      const data = agents.map((agent) => printAgent(exchange.operation, agent));
      return { status: 200, code: '200', msg: `${data.length} records were found`, data };
    });
  },
};

async function readAll({ ctx, headers }: Exchange): Promise<AgentRecord[]> {
  const found: AgentRecord[] = [];
  for (;;) {
    const limit = Math.min(pageRows, maxRows - found.length);
    const { agents, total } = await listAgents(ctx, { after: found.at(-1)?.agentId ?? 0, limit });
    for (const agent of agents) found.push(agent);
    headers['x-total-count'] = String(total);
    if (agents.length < limit || found.length === maxRows) return found;
    await ctx.services.yieldTurn();
  }
}

function printAgent({ timeZone }: OperationRecord, agent: AgentRecord): Record<string, string> {
  return {
    agent_id: String(agent.agentId),
    agent_name: agent.name,
    agent_dni: agent.dni,
    // Roster handles no contacts: to it every agent is signed out.
    agent_status: 'Logout',
    last_use: agent.lastSignInAt === null ? '' : formatLocalTime(timeZone, agent.lastSignInAt),
    agent_sso: agent.sso ?? '',
    enabled: agent.enabled ? 'yes' : 'no',
  };
}
