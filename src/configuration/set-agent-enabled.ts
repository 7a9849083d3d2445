import { setAgentEnabled } from '../domain/agents.ts';
import { addLogFacts } from '../http/server.ts';
import { type Api, readBodyFields } from './exchange.ts';
import { requireAgentId } from './fields.ts';

export const enableAgentApi = makeApi('enable_agent', true);
export const disableAgentApi = makeApi('disable_agent', false);

function makeApi(name: string, enabled: boolean): Api {
  return {
    group: 'configuration',
    name,
    method: 'PUT',
    scope: 'agents:write',
    answer(exchange, use) {
      return use(async () => {
        const agentId = requireAgentId(await readBodyFields(exchange, ['agent_id']));
        await setAgentEnabled(exchange.ctx, agentId, enabled);
        addLogFacts(exchange.request, { agentId });
        return { status: 202, code: 202, msg: `${agentId} agent has been ${enabled ? 'enabled' : 'disabled'}` };
      });
    },
  };
}
