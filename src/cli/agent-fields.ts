/** The fields of an agent as options, shared by the commands that set them. */
import type { AgentFieldsShape } from '../client/management-client.ts';
import { type CommandInput, textOption, UsageError } from './command.ts';
import { readStandardInput } from './standard-input.ts';

export const passwordOption = { 'password-stdin': { type: 'boolean' } } as const;
export const passwordHelp = [
  '--password-stdin',
  'read the password from standard input, so that no process list shows it',
] as const;

/** The fields given on the command line and, where asked, the password from standard input. */
export async function readAgentOptions(input: CommandInput): Promise<AgentFieldsShape> {
  const dni = textOption(input, 'dni');
  const name = textOption(input, 'name');
  const sso = textOption(input, 'sso');
  return {
    ...(dni === undefined ? {} : { agent_dni: dni }),
    ...(name === undefined ? {} : { agent_name: name }),
    ...(sso === undefined ? {} : { agent_sso: sso }),
    ...(input.options['password-stdin'] === true ? { agent_pass: await readPassword() } : {}),
  };
}

async function readPassword(): Promise<string> {
  const password = await readStandardInput('Password: ');
  if (password === '') throw new UsageError('--password-stdin was given, but standard input is empty');
  return password;
}
