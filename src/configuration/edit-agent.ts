import { agentFields, readAgentChanges } from '../domain/agent-fields.ts';
import { editAgent } from '../domain/agents.ts';
import { DomainError } from '../domain/errors.ts';
import { addLogFacts } from '../http/server.ts';
import { type Api, readBodyFields } from './exchange.ts';

export const editAgentApi: Api = {
  group: 'configuration',
  name: 'edit_agent',
  method: 'PUT',
  scope: 'agents:write',
  answer(exchange, use) {
    return use(async () => {
      const { ctx, request } = exchange;
      const { values, problems } = await readBodyFields(exchange, agentFields);
      const agentId = exchange.query('agent_id') ?? '';
      if (agentId === '') {
        const details = [{ field: 'agent_id', problem: 'is required in the query' }, ...problems];
        throw new DomainError('fields_missing', { details });
      }
      const changes = readAgentChanges(values, problems, ctx.services.isCommonPassword);
      await editAgent(ctx, agentId, changes);
      addLogFacts(request, { agentId });
      return { status: 202, code: 202, msg: 'agent has been updated' };
    });
  },
};
