/** A proxy in front of a server that treats the first requests as it is told, and passes all others on. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `lost`: the server gets the request and answers, and the answer is thrown away with the connection. */
export type Mishap = 'lost' | { status: number; headers?: OutgoingHttpHeaders; body: string };

interface PassedAnswer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

export interface UnreliableProxy {
  port: number;
  /** How many requests have come. */
  count: () => number;
  /** The bodies of the answers that were thrown away. */
  lost: readonly string[];
  close: () => Promise<void>;
}

export async function startUnreliableProxy(targetPort: number, mishaps: readonly Mishap[]): Promise<UnreliableProxy> {
  const lost: string[] = [];
  let requests = 0;
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const mishap = mishaps[requests];
    requests += 1;
    if (typeof mishap === 'object') {
      incoming.resume();
      await once(incoming, 'end');
      outgoing.writeHead(mishap.status, mishap.headers).end(mishap.body);
      return;
    }
    const { status, headers, body } = await passOn(incoming, targetPort);
    if (mishap === 'lost') {
      lost.push(body.toString());
      incoming.socket.destroy();
    } else outgoing.writeHead(status, headers).end(body);
  };
  const proxy = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    count: () => requests,
    lost,
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

async function passOn(incoming: IncomingMessage, port: number): Promise<PassedAnswer> {
  const { method, url: path, headers } = incoming;
  const passed = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
  incoming.pipe(passed);
  const [response] = (await once(passed, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => void chunks.push(chunk));
  await once(response, 'end');
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}
