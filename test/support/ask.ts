/** One request as a program would send it, and its answer whole. */
import { request } from 'node:http';

export interface Question {
  method?: string;
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The text as JSON. */
  json: () => Record<string, unknown>;
}

/** Sends it over a connection of its own. The Host is `wv0001.localhost` unless a header says otherwise. */
export function ask(port: number, { method = 'GET', path, headers = {}, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const host = { host: `wv0001.localhost:${port}` };
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: { ...host, ...headers }, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
          text,
          json: () => JSON.parse(text) as Record<string, unknown>,
        });
      });
    });
    outgoing.end(body);
  });
}

/** The paths of the apis. */
export const paths = {
  create: '/api/v2/configuration.php?api=create_agent',
  edit: (agentId: string) => `/api/v2/configuration.php?api=edit_agent&agent_id=${agentId}`,
  enable: '/api/v2/configuration.php?api=enable_agent',
  disable: '/api/v2/configuration.php?api=disable_agent',
  agents: '/api/v2/information.php?api=agents',
  tokenInfo: '/api/v2/information.php?api=token_info',
} as const;

/** A request to the configuration API with a token and a JSON body (an object, or text sent as it is). */
export function callApi(
  port: number,
  token: string,
  path: string,
  body?: object | string | Buffer,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const method = options.method ?? (path.includes('information') ? 'GET' : path === paths.create ? 'POST' : 'PUT');
  const headers = { 'wolkvox-token': token, 'content-type': 'text/plain', ...options.headers };
  return ask(port, { method, path, headers, ...(text === undefined ? {} : { body: text }) });
}

let lastNumber = 0;

/** A dni that no other agent of the test has. */
export function newDni(): string {
  lastNumber += 1;
  return `D${process.pid}-${lastNumber}`;
}
