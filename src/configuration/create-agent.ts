import { agentFields, type NewAgentFields, readNewAgent } from '../domain/agent-fields.ts';
import { createAgent } from '../domain/agents.ts';
import {
  claimKey,
  deriveIdempotentRequest,
  type FirstAnswer,
  readIdempotencyKey,
  releaseKey,
} from '../domain/idempotency.ts';
import { maskDni } from '../domain/text.ts';
import { addLogFacts } from '../http/server.ts';
import type { Success } from './envelope.ts';
import { type Api, type Exchange, readBodyFields } from './exchange.ts';

export const createAgentApi: Api = {
  group: 'configuration',
  name: 'create_agent',
  method: 'POST',
  scope: 'agents:create',
  async answer(exchange, use) {
    const header = exchange.request.headers['idempotency-key'];
    if (header === undefined) {
      return use(async () => {
        const fields = await readFields(exchange);
        return print(exchange, await createAgent(exchange.ctx, exchange.operation, fields));
      });
    }
    const { ctx, operation, tokenText } = exchange;
    const fields = await readFields(exchange, String(header));
    const request = deriveIdempotentRequest(tokenText, String(header), fields);
    const first = await claimKey(ctx, request);
    if (first !== undefined) return printReplay(exchange, first);
    try {
      return await use(async () => {
        const created = await createAgent(ctx, operation, fields, request);
        return created.replayed ? printReplay(exchange, created) : print(exchange, created);
      });
    } finally {
      releaseKey(ctx, request);
    }
  },
};

async function readFields(exchange: Exchange, key?: string): Promise<NewAgentFields> {
  const { values, problems } = await readBodyFields(exchange, agentFields);
  if (key !== undefined && readIdempotencyKey(key) === undefined) {
    problems.push({ field: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters, sent once' });
  }
  const fields = readNewAgent(values, problems, exchange.ctx.services.isCommonPassword);
  addLogFacts(exchange.request, { dni: maskDni(fields.dni) });
  return fields;
}

function printReplay(exchange: Exchange, first: FirstAnswer): Success {
  exchange.headers['idempotency-replayed'] = 'true';
  addLogFacts(exchange.request, { replayed: true });
  return print(exchange, first);
}

function print({ request }: Exchange, { agentId, password }: FirstAnswer): Success {
  addLogFacts(request, { agentId });
  return { status: 201, code: 201, msg: 'Agent has been created', data: [{ agent_id: agentId, password }] };
}
