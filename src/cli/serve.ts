import type { Config } from '../config.ts';
import { hasDatabase, isLoopback } from '../config.ts';
import type { ServerCommand } from './command.ts';
import { exitCodes } from './command.ts';
import { printLine } from './output.ts';
import { settingFlagHelp, settingFlags } from './setting-options.ts';

/** Milliseconds that the last words printed may take. */
const printGrace = 500;

export const serve: ServerCommand = {
  positionals: [],
  options: settingFlags,
  optionHelp: settingFlagHelp,
  examples: [
    'roster serve',
    'roster serve --port 9000 --data-dir /var/lib/roster',
    'roster serve --config /etc/roster.conf',
  ],
  runServer,
};

async function runServer(config: Config): Promise<number> {
  const { createLogger, startServer } = await import('../main.ts');
  // A command ends when nobody reads on; a server works on.
  process.stdout.removeAllListeners('error').on('error', () => undefined);
  printLine(`Roster starts on the data folder ${config.dataDir}`);
  if (!hasDatabase(config)) printLine('There is no database yet: making the folder, the secret key and the database …');
  if (config.allowPlaintext && !isLoopback(config.host)) {
    printLine('WARNING: ROSTER_ALLOW_PLAINTEXT=1: tokens and passwords cross the network in the clear.');
  }
  const log = createLogger(config.logLevel, config.logFormat);
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  const server = await startServer(config, log, (error) => {
    log.logger.fatal({ reason: error.stack ?? error.message }, 'the writer ended');
    end(exitCodes.failed);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(exitCodes.ok));
  printWelcome(config, server.url, server.firstToken);
  const code = await ended;
  printLine('Roster stops: answers under way are finished first.');
  await server.stop();
  await log.close();
  // What was printed may wait for a reader that does not read: it is not waited for long.
  setTimeout(() => process.exit(code), printGrace).unref();
  return code;
}

function printWelcome({ host }: Config, url: string, token: string | undefined): void {
  const { port, protocol } = new URL(url);
  if (token !== undefined) {
    const example = isLoopback(host) ? `${protocol}//wv0001.localhost:${port}` : url;
    printLine(`
This is the first start. Roster has made operation 0001 and one token for it.
The token is shown now and never again; keep it like a password:

  ${token}

Create your first agent:

  curl -X POST '${example}/api/v2/configuration.php?api=create_agent' \\
    -H 'wolkvox-token: ${token}' \\
    -d '{"agent_dni": "1020304050", "agent_name": "Ana Gómez", "agent_sso": "ana.gomez"}'
`);
  }
  printLine(`Roster is ready at ${url} (stop it with Ctrl+C)`);
}
