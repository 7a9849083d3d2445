/** The options of every command. */
export const commonOptions = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
  config: { type: 'string' },
} as const;

export const commonHelp = [
  ['--data-dir <folder>', 'the data folder (ROSTER_DATA_DIR; default ./roster-data)'],
  ['--config <file>', 'a file with settings (ROSTER_CONFIG)'],
  ['--json', 'print JSON'],
  ['-h, --help', 'show this help'],
] as const;
