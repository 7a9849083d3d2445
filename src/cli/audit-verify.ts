import type { AuditHeadShape, AuditVerdictShape } from '../client/management-client.ts';
import { type ConnectedCommand, exitCodes, operationHelp, operationOption, textOption, UsageError } from './command.ts';
import { printJson, printLine } from './output.ts';

export const auditVerify: ConnectedCommand = {
  positionals: [],
  options: { ...operationOption, head: { type: 'string' } },
  optionHelp: [operationHelp, ['--head <seq:hash>', 'an earlier head, as "roster audit head" printed it']],
  examples: ['roster audit verify', 'roster audit verify --head 812:9f86d081884c7d65…'],
  async run(input) {
    const earlier = readHead(textOption(input, 'head'));
    const verdict = await input.client.verifyAudit(await input.operation(), earlier);
    if (input.options['json'] === true) printJson(verdict);
    else printVerdict(verdict, earlier);
    return verdict.fault === null ? exitCodes.ok : exitCodes.fault;
  },
};

function readHead(text: string | undefined): AuditHeadShape | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim());
  if (match === null) throw new UsageError('--head must be what "roster audit head" printed, such as 812:9f86d0…');
  return { seq: Number(match[1]), hash: match[2] ?? '' };
}

const faults: Readonly<Record<string, string>> = {
  missing: 'event {seq} is missing: it was removed, or moved',
  altered: 'event {seq} does not fit the chain: it was edited, or moved',
  cut: 'events from {seq} on are known to have been there, and are gone',
  replaced: 'event {seq} is not the one whose head is known: the chain was rewritten',
};

function printVerdict({ base, head, fault }: AuditVerdictShape, earlier: AuditHeadShape | undefined): void {
  if (fault !== null) {
    printLine(`FAULT: ${(faults[fault.kind] ?? fault.kind).replace('{seq}', String(fault.seq))}.`);
    printLine(`The chain holds up to event ${head.seq}.`);
    return;
  }
  printLine(`The chain holds: ${head.seq - base} events, none edited, removed or reordered.`);
  if (base > 0) printLine(`Events up to ${base} were trimmed by rule and are not part of it.`);
  printLine(`Head: ${head.seq}:${head.hash}`);
  if (earlier === undefined) {
    printLine('Not proved: that nothing was cut from the end together with the counters that know of it. Keep heads');
    printLine('elsewhere ("roster audit head") and give one with --head.');
  } else {
    printLine(`It passes through the head given: nothing up to event ${earlier.seq} was cut.`);
  }
  printLine('Not proved: anything against somebody who holds the secret key.');
}
