import {
  type ConnectedCommand,
  exitCodes,
  countOption,
  numberOption,
  operationHelp,
  operationOption,
} from './command.ts';
import { printJson, printTable, printTime } from './output.ts';

export const auditList: ConnectedCommand = {
  positionals: [],
  options: { ...operationOption, limit: { type: 'string' }, before: { type: 'string' } },
  optionHelp: [
    operationHelp,
    ['--limit <n>', 'events at most, up to 1000 (default 50)'],
    ['--before <seq>', 'go on before this event'],
  ],
  examples: ['roster audit list', 'roster audit list --limit 200 --json'],
  async run(input) {
    const page = { limit: countOption(input, 'limit'), after: numberOption(input, 'before') };
    const { events, next } = await input.client.listAuditEvents(await input.operation(), page);
    if (input.options['json'] === true) printJson({ events, next });
    else {
      printTable(
        ['SEQ', 'WHEN', 'WHO', 'WHAT', 'WHOM', 'OUTCOME', 'FROM', 'DETAILS'],
        events.map((event) => [
          String(event.seq),
          printTime(event.occurred_at),
          event.actor,
          event.action,
          event.subject,
          event.outcome,
          event.address || '-',
          JSON.stringify(event.details),
        ]),
      );
    }
    return exitCodes.ok;
  },
};
