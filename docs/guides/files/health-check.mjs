/**
 * Asks a server on this machine whether it is ready; exit code 0 if so. Reads the server's settings from the environment.
 * The certificate is not checked: it names the host that others use, and this asks the machine itself.
 */
import { get as getPlain } from 'node:http';
import { get as getOverTls } from 'node:https';

const { ROSTER_HOST = '', ROSTER_PORT = '', ROSTER_TLS_CERTIFICATE = '' } = process.env;
const everywhere = ['', '0.0.0.0', '::'];
const host = everywhere.includes(ROSTER_HOST) ? '127.0.0.1' : ROSTER_HOST;
const get = ROSTER_TLS_CERTIFICATE === '' ? getPlain : getOverTls;
const options = { host, port: ROSTER_PORT || '8080', path: '/health/ready', timeout: 4000, rejectUnauthorized: false };

get(options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
