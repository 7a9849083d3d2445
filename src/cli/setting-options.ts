/** Every setting as an option of a command. */
import { flagOf, settings } from '../config.ts';

const all = Object.values(settings);

export const settingFlags = Object.fromEntries(
  all.map(({ variable }) => [flagOf(variable), { type: 'string' } as const]),
);

export const settingFlagHelp = all.map(
  ({ variable, help, fallback }) =>
    [
      `--${flagOf(variable)} <value>`,
      `${help} (${variable}${fallback === '' ? '' : `; default ${fallback}`})`,
    ] as const,
);
