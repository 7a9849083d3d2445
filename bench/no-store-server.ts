/** The limit: the same server, doing everything but storing. Creates are answered at once with the same bytes. */
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
    name === 'createAgent' ? Promise.resolve({ agentId: agentId++ } as never) : stored.transact(name, input),
};
const options = appOptions(config, installation, createLogger('info', 'json'));
const local = await buildLocalApp(options);
await local.listen({ path: findSocket(config) ?? '' });
const app = await buildPublicApp(options);
const url = await app.listen({ host: config.host, port: config.port });
process.stdout.write(`Roster is ready at ${url}\n`);
process.on('SIGTERM', () => process.exit(0));
