import { type ConnectedCommand, exitCodes, operationHelp, operationOption } from './command.ts';
import { printJson, printLine } from './output.ts';

export const auditHead: ConnectedCommand = {
  positionals: [],
  options: operationOption,
  optionHelp: [operationHelp],
  examples: ['roster audit head', 'roster audit head >> /elsewhere/roster-heads.txt'],
  async run({ client, options, operation }) {
    const head = await client.findAuditHead(await operation());
    if (options['json'] === true) printJson(head);
    else printLine(`${head.seq}:${head.hash}`);
    return exitCodes.ok;
  },
};
