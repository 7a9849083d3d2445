/** The settings of an operation as options, shared by the commands that set them. */
import type { OperationSettingsShape } from '../client/management-client.ts';
import { type CommandInput, numberOption, textOption, UsageError } from './command.ts';

export const settingOptions = {
  name: { type: 'string' },
  'time-zone': { type: 'string' },
  'unknown-fields': { type: 'string' },
  'assigned-password-length': { type: 'string' },
} as const;

export const settingHelp = [
  ['--name <text>', 'a name for people'],
  ['--time-zone <zone>', 'where its day ends, such as America/Bogota (default UTC)'],
  ['--unknown-fields <ignore|refuse>', 'what to do with unknown fields of a request (default ignore)'],
  ['--assigned-password-length <n>', 'characters of assigned passwords, 8 to 64 (default 20)'],
] as const;

export function readSettings(input: CommandInput): OperationSettingsShape {
  const name = textOption(input, 'name');
  const timeZone = textOption(input, 'time-zone');
  const unknownFields = textOption(input, 'unknown-fields');
  const length = numberOption(input, 'assigned-password-length');
  if (unknownFields !== undefined && unknownFields !== 'ignore' && unknownFields !== 'refuse') {
    throw new UsageError(`--unknown-fields must be ignore or refuse, not "${unknownFields}"`);
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    ...(unknownFields === undefined ? {} : { unknown_fields: unknownFields }),
    ...(length === undefined ? {} : { assigned_password_length: length }),
  };
}
