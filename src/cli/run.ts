/** Gives a command what it asks for: the configuration, or a client connected to the management API. */
import type { ManagementClient } from '../client/management-client.ts';
import { type Config, fileVariable, flagOf, readConfig, settings } from '../config.ts';
import { type Command, type CommandInput, textOption, UsageError } from './command.ts';

/** Runs the command. Gives its exit code. */
export async function runCommand(command: Command, input: CommandInput): Promise<number> {
  const sources = { env: process.env, flags: readFlags(input) };
  if ('runOffline' in command) return command.runOffline(input, sources);
  const isListening = 'runServer' in command;
  const { config } = readConfig({ ...sources, isListening });
  if (isListening) return command.runServer(config);
  return withClient(config, (client) =>
    command.run({ ...input, client, operation: () => findOperation(client, input) }),
  );
}

/** The settings given as flags, by their variables. */
function readFlags(input: CommandInput): Record<string, string | undefined> {
  const variables = [...Object.values(settings).map(({ variable }) => variable), fileVariable];
  return Object.fromEntries(variables.map((variable) => [variable, textOption(input, flagOf(variable))]));
}

async function withClient(config: Config, work: (client: ManagementClient) => Promise<number>): Promise<number> {
  const { connect } = await import('./connect.ts');
  const { client, close } = connect(config);
  try {
    return await work(client);
  } finally {
    await close();
  }
}

async function findOperation(client: ManagementClient, input: CommandInput): Promise<string> {
  const named = textOption(input, 'operation');
  if (named !== undefined) return named;
  const operations = await client.listOperations();
  const [only, ...others] = operations;
  if (only !== undefined && others.length === 0) return only.code;
  const codes = operations.map(({ code }) => code).join(', ');
  throw new UsageError(`which operation? Say --operation with one of ${codes}`);
}
