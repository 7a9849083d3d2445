import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readAgentChanges, readNewAgent } from '../domain/agent-fields.ts';
import { createAgent, editAgent, listAgents, setAgentEnabled, showAgent } from '../domain/agents.ts';
import { searchAgents } from '../domain/agent-search.ts';
import { getOperation } from '../domain/operations.ts';
import type { ContextOf } from './context-of.ts';
import { printAgent } from './print.ts';
import { Agent, AgentFields, AgentPage, AgentPath, AgentQuery, CreatedAgent, OperationPath } from './shapes.ts';

const defaultLimit = 100;
const maxLimit = 1000;

export function mountAgents(plain: FastifyInstance, contextOf: ContextOf): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const list = '/operations/:code/agents';
  const one = `${list}/:agent`;

  app.get(
    list,
    { schema: { params: OperationPath, querystring: AgentQuery, response: { 200: AgentPage } } },
    async (request) => {
      const ctx = contextOf(request, request.params.code);
      await getOperation(ctx);
      const { search = '', enabled, after = 0, limit: asked = defaultLimit } = request.query;
      const limit = Math.min(maxLimit, Math.max(1, Number(asked)));
      const filter = enabled === undefined ? undefined : enabled === 'yes';
      if (search !== '') {
        const { agents, more } = await searchAgents(ctx, { text: search, enabled: filter, limit });
        return { agents: agents.map((agent) => printAgent(agent)), total: agents.length, next: null, more };
      }
      const { agents, total, next } = await listAgents(ctx, { after: Number(after), limit, enabled: filter });
      const continued = next === null ? null : String(next);
      return { agents: agents.map((agent) => printAgent(agent)), total, next: continued, more: next !== null };
    },
  );

  app.post(
    list,
    { schema: { params: OperationPath, body: AgentFields, response: { 201: CreatedAgent } } },
    async (request, reply) => {
      const ctx = contextOf(request, request.params.code);
      const operation = await getOperation(ctx);
      const fields = readNewAgent(given(request.body), [], ctx.services.isCommonPassword);
      const { agentId, password } = await createAgent(ctx, operation, fields);
      return reply.code(201).send({ agent_id: agentId, password });
    },
  );

  app.get(one, { schema: { params: AgentPath, response: { 200: Agent } } }, async (request) => {
    return printAgent(await showAgent(contextOf(request, request.params.code), request.params.agent));
  });

  app.patch(one, { schema: { params: AgentPath, body: AgentFields, response: { 200: Agent } } }, async (request) => {
    const ctx = contextOf(request, request.params.code);
    const changes = readAgentChanges(given(request.body), [], ctx.services.isCommonPassword);
    await editAgent(ctx, request.params.agent, changes);
    return printAgent(await showAgent(ctx, request.params.agent));
  });

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    app.post(
      `${one}/${verb}`,
      { schema: { params: AgentPath, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await setAgentEnabled(contextOf(request, request.params.code), request.params.agent, enabled);
        return reply.code(204).send(null);
      },
    );
  }
}

/** The members that are there: an optional member is absent, never undefined. */
function given<Value>(members: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
