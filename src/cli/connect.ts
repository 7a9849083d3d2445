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
  /** Ends what was begun, if anything was. */
  close(): Promise<void>;
}

const baseUrl = 'http://localhost';
/** A server that is starting or stopping holds the lock without answering: how often and how long to try again. */
const tries = 20;
const pause = 250;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A client that connects at its first request: a command that asks nothing begins nothing. */
export function connect(config: Config): Connection {
  let opened: Promise<{ fetch: Fetch; close: () => Promise<void> }> | undefined;
  return {
    client: new ManagementClient({
      baseUrl,
      async fetch(url, init) {
        opened ??= open(config);
        return (await opened).fetch(url, init);
      },
    }),
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

async function open(config: Config): Promise<{ fetch: Fetch; close: () => Promise<void> }> {
  const isNew = !hasDatabase(config);
  for (let attempt = 1; ; attempt += 1) {
    const socket = findSocket(config);
    if (socket !== undefined && (await isAnswering(socket))) {
      return { fetch: socketFetch(socket), close: async () => undefined };
    }
    const { openInProcess, isFolderTaken } = await import('../main.ts');
    try {
      const { fetch, close } = await openInProcess(config);
      const closeAndSay = async (): Promise<void> => {
        await close();
        if (isNew) printError(`There was no installation in ${config.dataDir}: a new one was made.`);
      };
      return { fetch, close: closeAndSay };
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
