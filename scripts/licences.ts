/** Which licences the packages that Roster brings along may have, and the list of them. */
import type { ProductionPackage } from './lock-file.ts';

/** Compatible with Apache-2.0, and without a duty to publish the sources of what uses them. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** The packages, as `name@version: licence`, whose licence is another or not stated. */
export function listRefusedLicences(packages: readonly ProductionPackage[]): string[] {
  return packages
    .filter(({ entry }) => !accepted.has(entry.license ?? ''))
    .map(({ name, entry }) => `${name}@${entry.version}: ${entry.license ?? 'not stated'}`);
}

const head = `# Licences

What an installation of Roster brings along, on any platform, with the licence that each package states. Written by
\`npm run sbom\` from the lock file; \`sbom.cdx.json\` beside it says the same for programs. Roster itself is under
Apache-2.0.

Inside the packages: \`better-sqlite3\` carries SQLite, which is in the public domain. \`common-passwords.txt\`, inside
Roster, is made from the dictionary of \`@zxcvbn-ts/language-common\` (MIT).
`;

/** The text of `docs/release/licences.md`. */
export function printLicences(packages: readonly ProductionPackage[]): string {
  const rows = packages.map(({ name, entry }) => `| ${name} | ${entry.version} | ${entry.license ?? 'not stated'} |`);
  const lines = [...new Set(rows)].toSorted();
  return `${head}\n| package | version | licence |\n| --- | --- | --- |\n${lines.join('\n')}\n`;
}
