import { readConfig } from '../config.ts';
import { exitCodes, type OfflineCommand, positional } from './command.ts';
import { printJson, printLine } from './output.ts';

export const restore: OfflineCommand = {
  positionals: ['<file>'],
  options: {},
  optionHelp: [],
  examples: ['roster restore /backups/roster-2026-11-22.backup --data-dir /var/lib/roster'],
  async runOffline(input, sources) {
    const { restore: restoreBackup } = await import('../backup.ts');
    const { file, operations, agents, keyFile } = restoreBackup(readConfig(sources).config, positional(input, 0));
    if (input.options['json'] === true) {
      printJson({ file, operations, agents, key_file: keyFile ?? null });
      return exitCodes.ok;
    }
    printLine(`${file}: ${agents} agents of ${operations} operations are restored.`);
    if (keyFile !== undefined) printLine(`The secret key was put at ${keyFile}.`);
    printLine(
      'What happened after the backup was made is not in it. Start the server, and let the systems that create',
    );
    printLine('agents repeat what they did since.');
    return exitCodes.ok;
  },
};
