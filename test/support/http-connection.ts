/** One keep-alive connection that sends raw requests one after the other: exact bytes out, exact answer back. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

export interface RawConnection {
  socket: Socket;
  /** Sends bytes and waits for one answer. Rejects when the connection ends first. */
  send: (bytes: string | Buffer) => Promise<RawAnswer>;
  close: () => void;
}

export async function openConnection(port: number, host = '127.0.0.1'): Promise<RawConnection> {
  const socket = connect({ port, host, noDelay: true });
  await once(socket, 'connect');
  let received = Buffer.alloc(0);
  let waiting: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void } | undefined;

  function take(): void {
    const end = received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = received.toString('latin1', 0, end);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    const total = end + 4 + length;
    if (received.length < total) return;
    const body = received.toString('utf8', end + 4, total);
    received = received.subarray(total);
    const caller = waiting;
    waiting = undefined;
    caller?.resolve({ status: Number(head.slice(9, 12)), head, body });
  }

  const fail = (error: Error): void => {
    const caller = waiting;
    waiting = undefined;
    caller?.reject(error);
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    take();
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection ended before an answer')));

  return {
    socket,
    send(bytes) {
      return new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'));
        waiting = { resolve, reject };
        socket.write(bytes);
      });
    },
    close: () => void socket.destroy(),
  };
}

/** The bytes of a request to the configuration API. */
export function configurationRequest(options: {
  token: string;
  api: string;
  body: string;
  method?: string;
  group?: string;
  headers?: string[];
}): string {
  const { token, api, body, method = 'POST', group = 'configuration', headers = [] } = options;
  return [
    `${method} /api/v2/${group}.php?api=${api} HTTP/1.1`,
    'Host: wv0001.localhost',
    `wolkvox-token: ${token}`,
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
}
