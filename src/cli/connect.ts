/**
 * To the management API: over the socket in the data folder where a server runs there; otherwise the same app is started
 * in this process, under the folder's lock and without a listener.
 */
import { ManagementClient } from '../client/management-client.ts';
import { type Config, findSocket, hasDatabase } from '../config.ts';
import { printError } from './output.ts';
import { socketFetch } from './socket-fetch.ts';

export interface Connection {
  client: ManagementClient;
  close(): Promise<void>;
}

const baseUrl = 'http://localhost';
/** A server that is starting or stopping holds the lock without answering: how often and how long to try again. */
const tries = 20;
const pause = 250;

export async function connect(config: Config): Promise<Connection> {
  const socket = findSocket(config);
  for (let attempt = 1; ; attempt += 1) {
    if (socket !== undefined && (await isAnswering(socket))) {
      return { client: new ManagementClient({ baseUrl, fetch: socketFetch(socket) }), close: async () => undefined };
    }
    const { openInProcess, isFolderTaken } = await import('../main.ts');
    try {
      if (!hasDatabase(config)) printError(`A new installation is made in ${config.dataDir}`);
      const { fetch, close } = await openInProcess(config);
      return { client: new ManagementClient({ baseUrl, fetch }), close };
    } catch (error) {
      if (!isFolderTaken(error) || attempt === tries) throw error;
      await new Promise((resolve) => void setTimeout(resolve, pause));
    }
  }
}

async function isAnswering(socket: string): Promise<boolean> {
  try {
    await socketFetch(socket)(`${baseUrl}/health/ready`, { method: 'GET' });
    return true;
  } catch {
    return false;
  }
}
