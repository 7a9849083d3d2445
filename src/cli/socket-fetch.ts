import { request } from 'node:http';

/** `fetch` over a Unix socket, as much of it as the client needs. Rejects when nobody listens there. */
export function socketFetch(socketPath: string): (url: string, init: RequestInit) => Promise<Response> {
  return (url, { method = 'GET', headers, body }) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        { socketPath, method, headers: Object.fromEntries(new Headers(headers)), agent: false },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const status = incoming.statusCode ?? 500;
            resolve(new Response(status === 204 ? null : Buffer.concat(chunks), { status }));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(typeof body === 'string' ? body : undefined);
    });
}
