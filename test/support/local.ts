/** Requests over the socket in a server's data folder. */
import { socketFetch } from '../../src/cli/socket-fetch.ts';
import { findSocket, readConfig } from '../../src/config.ts';

/** Asks for a path; a body is sent as JSON. */
export function askLocally(dataDir: string, path: string, method = 'GET', body?: object): Promise<Response> {
  const fetch = socketFetch(findSocket(readConfig({ env: { ROSTER_DATA_DIR: dataDir } }).config) ?? '');
  const sent =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return fetch(`http://localhost${path}`, { method, ...sent });
}
