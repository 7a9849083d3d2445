import { readConfig } from '../config.ts';
import { exitCodes, type OfflineCommand, positional } from './command.ts';
import { printError, printJson, printLine } from './output.ts';
import { printSize } from './size.ts';

export const backup: OfflineCommand = {
  positionals: ['<file>'],
  options: { 'with-secret-key': { type: 'boolean' } },
  optionHelp: [['--with-secret-key', 'write the secret key too, to <file>.secret.key']],
  examples: [
    'roster backup /backups/roster-2026-11-22.backup',
    'roster backup /backups/whole.backup --with-secret-key',
  ],
  async runOffline(input, sources) {
    const { backUp } = await import('../backup.ts');
    const start = performance.now();
    const report = backUp(readConfig(sources).config, positional(input, 0), input.options['with-secret-key'] === true);
    const { file, bytes, operations, agents, keyFile } = report;
    if (input.options['json'] === true) {
      printJson({ file, bytes, operations, agents, key_file: keyFile ?? null });
      return exitCodes.ok;
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    printLine(`${file}: ${agents} agents of ${operations} operations, ${printSize(bytes)}, checked, in ${seconds} s`);
    if (keyFile === undefined) {
      printError('The secret key is not in it. Keep a copy of secret.key elsewhere: a restore needs both.');
    } else {
      printError(`The secret key is in ${keyFile}. Whoever has both files has the installation: keep them apart.`);
    }
    return exitCodes.ok;
  },
};
