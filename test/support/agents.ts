/** Creating and listing agents over raw connections, as the fault suites need it: every step of a request in hand. */
import { configurationRequest, openConnection, type RawAnswer, type RawConnection } from './http-connection.ts';
import type { TestServer } from './server.ts';

/** What a client knows of an agent once it has its answer. */
export interface KnownAgent {
  dni: string;
  agentId: string;
  password: string;
}

export interface ListedAgent {
  agent_id: string;
  agent_name: string;
  agent_dni: string;
  enabled: string;
}

/** The envelope of any answer of the configuration API. */
export interface Envelope {
  code: number | string;
  error: string | null;
  msg: string;
  data?: Record<string, string>[];
}

/** Makes tokens of operation 0001; gives their texts. */
export async function createTokens(
  { admin }: Pick<TestServer, 'admin'>,
  count: number,
  simultaneousLimit = 1,
): Promise<string[]> {
  const tokens: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const settings = { description: `Client ${index}`, simultaneous_limit: simultaneousLimit };
    tokens.push((await admin.createToken('0001', settings)).token);
  }
  return tokens;
}

/** The bytes of a create; without a password of its own the agent is assigned one. */
export function createRequest(
  token: string,
  dni: string,
  options: { headers?: string[]; password?: string } = {},
): string {
  const { headers = [], password = '' } = options;
  const body = JSON.stringify({ agent_dni: dni, agent_name: 'Ana Gómez', agent_pass: password });
  return configurationRequest({ token, api: 'create_agent', body, headers });
}

export function readEnvelope({ body }: RawAnswer): Envelope {
  return JSON.parse(body) as Envelope;
}

/** The agent that an answer tells of. Throws for an answer that is not `201`. */
export function readCreated(answer: RawAnswer, dni: string): KnownAgent {
  const { agent_id: agentId, password } = readEnvelope(answer).data?.[0] ?? {};
  if (answer.status === 201 && agentId !== undefined && password !== undefined) return { dni, agentId, password };
  throw new Error(`the create of ${dni} was answered ${answer.status}: ${answer.body}`);
}

/** Does something over a connection of its own. */
export async function withConnection<Result>(
  port: number,
  work: (connection: RawConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await openConnection(port);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

/** Creates an agent over a connection of its own. Throws for an answer that is not `201`. */
export async function createAgent(port: number, token: string, dni: string): Promise<KnownAgent> {
  return readCreated(await withConnection(port, ({ send }) => send(createRequest(token, dni))), dni);
}

/** The bytes of a request for every agent. */
export function listRequest(token: string): string {
  return configurationRequest({ token, api: 'agents', group: 'information', method: 'GET', body: '' });
}

/** Every agent, over a connection of its own. Throws for an answer that is not `200`. */
export async function listAgents(port: number, token: string): Promise<ListedAgent[]> {
  const answer = await withConnection(port, ({ send }) => send(listRequest(token)));
  if (answer.status !== 200) throw new Error(`the list was answered ${answer.status}: ${answer.body}`);
  return readEnvelope(answer).data as unknown as ListedAgent[];
}

/** How long a request may take to be seen at work, or to end, in milliseconds. */
const patience = 10_000;

/** The bytes of a request that any token may send and that changes nothing. */
export function tokenInfoRequest(token: string): string {
  return configurationRequest({ token, api: 'token_info', group: 'information', method: 'GET', body: '' });
}

/**
 * Waits until every place of the token is taken, as a request by another connection finds. What is to take them must
 * have been sent. Throws when it has not happened in good time.
 */
export async function waitUntilBusy(port: number, token: string): Promise<void> {
  const until = performance.now() + patience;
  await withConnection(port, async ({ send }) => {
    while ((await send(tokenInfoRequest(token))).status !== 403) {
      if (performance.now() > until) throw new Error('the token was never seen at work');
    }
  });
}

/** Waits until the token has a free place. Throws when it has none in good time. */
export async function waitUntilFree(port: number, token: string): Promise<void> {
  const until = performance.now() + patience;
  await withConnection(port, async ({ send }) => {
    while ((await send(tokenInfoRequest(token))).status === 403) {
      if (performance.now() > until) throw new Error('the token never got free');
    }
  });
}
