import { exitCodes, type OfflineCommand } from './command.ts';
import { printable, printJson, printLine } from './output.ts';
import { readStandardInput } from './standard-input.ts';

const marks = {
  good: { text: '✔', code: 32 },
  warning: { text: '!', code: 33 },
  bad: { text: '✖', code: 31 },
} as const;

export const doctor: OfflineCommand = {
  positionals: [],
  options: { 'token-stdin': { type: 'boolean' } },
  optionHelp: [['--token-stdin', 'read a token from standard input and say what is wrong with it']],
  examples: ['roster doctor', 'roster doctor --token-stdin', 'roster doctor --data-dir /var/lib/roster --json'],
  async runOffline({ options }, sources) {
    const { examine } = await import('../doctor.ts');
    const token =
      options['token-stdin'] === true ? await readStandardInput('Paste the token, then press Enter: ') : undefined;
    const findings = await examine(sources, token);
    const isWell = findings.every(({ state }) => state !== 'bad');
    if (options['json'] === true) printJson(findings);
    else {
      const width = Math.max(...findings.map(({ subject }) => subject.length));
      for (const { subject, state, message, remedy } of findings) {
        const [first = '', ...more] = message.split('\n');
        printLine(`${colour(marks[state])} ${subject.padEnd(width)}  ${printable(first)}`);
        for (const line of [...more, ...(remedy === '' ? [] : [`→ ${remedy}`])]) {
          printLine(`${' '.repeat(width + 4)}${printable(line)}`);
        }
      }
      printLine(isWell ? '\nNothing is wrong.' : '\nSomething is wrong: see ✖ above.');
    }
    return isWell ? exitCodes.ok : exitCodes.failed;
  },
};

function colour({ text, code }: { text: string; code: number }): string {
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? `\u001B[${code}m${text}\u001B[0m` : text;
}
