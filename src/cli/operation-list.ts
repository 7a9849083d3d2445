import { type ConnectedCommand, exitCodes } from './command.ts';
import { printJson, printTable, printTime } from './output.ts';

export const operationList: ConnectedCommand = {
  positionals: [],
  options: {},
  optionHelp: [],
  examples: ['roster operation list'],
  async run({ client, options }) {
    const operations = await client.listOperations();
    if (options['json'] === true) printJson(operations);
    else {
      printTable(
        ['CODE', 'NAME', 'TIME ZONE', 'UNKNOWN FIELDS', 'PASSWORD LENGTH', 'ADDED'],
        operations.map((operation) => [
          operation.code,
          operation.name || '-',
          operation.time_zone,
          operation.unknown_fields,
          String(operation.assigned_password_length),
          printTime(operation.created_at),
        ]),
      );
    }
    return exitCodes.ok;
  },
};
