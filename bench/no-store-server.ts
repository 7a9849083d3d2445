/**
 * The limit: the same server, doing everything but storing, answering with the same bytes. Its store needs no time, but
 * answers as the real one does, in a later turn of the event loop and all creates of a turn together. Answered one by one,
 * each in the turn in which it was read, creates cost both server and client more, and the limit came out below the server.
 */
import { setImmediate } from 'node:timers/promises';
import { appOptions, createLogger, openInstallation } from '../src/main.ts';
import { buildLocalApp, buildPublicApp } from '../src/app.ts';
import { findSocket, readConfig } from '../src/config.ts';

const { config } = readConfig({ env: process.env });
const installation = await openInstallation(config, () => process.exit(1));
const { services } = installation;
const stored = services.store;
let agentId = 10_000;
services.store = {
  read: stored.read,
  transact: (name, input) =>
    name === 'createAgent' ? setImmediate({ agentId: agentId++ } as never) : stored.transact(name, input),
};
const options = appOptions(config, installation, createLogger('info', 'json'));
const local = await buildLocalApp(options);
await local.listen({ path: findSocket(config) ?? '' });
const app = await buildPublicApp(options);
const url = await app.listen({ host: config.host, port: config.port });
process.stdout.write(`Roster is ready at ${url}\n`);
process.on('SIGTERM', () => process.exit(0));
