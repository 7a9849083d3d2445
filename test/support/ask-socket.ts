/** Asks a running server over the socket in its data folder, as its owner may. */
import { request } from 'node:http';
import { findSocket, readConfig } from '../../src/config.ts';

export function askSocket(dataDir: string, path: string): Promise<{ status: number; text: string }> {
  const socketPath = findSocket(readConfig({ env: { ROSTER_DATA_DIR: dataDir } }).config);
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, headers: { host: 'localhost' }, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
