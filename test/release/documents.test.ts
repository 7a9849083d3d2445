/** What accompanies a release says the same as the lock file and the manifest. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { listRefusedLicences, printLicences } from '../../scripts/licences.ts';
import { listProductionPackages, type LockFile } from '../../scripts/lock-file.ts';
import { type Manifest, makePublishedManifest } from '../../scripts/published-manifest.ts';

const read = (file: string): string => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as LockFile;
const packages = listProductionPackages(manifest, lock);
const remedy = 'run "npm run sbom" and commit what it writes';

interface Sbom {
  metadata: { component: { name: string; version: string } };
  components: {
    name: string;
    version: string;
    hashes?: { alg: string; content: string }[];
    licenses?: { license?: { id?: string }; expression?: string }[];
  }[];
}

test('the SBOM lists what the lock file installs, with its hash and licence', () => {
  const sbom = JSON.parse(read('docs/release/sbom.cdx.json')) as Sbom;
  const { name, version } = sbom.metadata.component;
  assert.deepEqual([name, version], [manifest.name, manifest.version], remedy);
  const listed = sbom.components.map(
    (component) =>
      `${component.name}@${component.version} ${component.hashes?.[0]?.content} ${component.licenses?.[0]?.license?.id}`,
  );
  const wanted = packages.map(({ name: packageName, entry }) => {
    const hash = Buffer.from(entry.integrity?.replace('sha512-', '') ?? '', 'base64').toString('hex');
    return `${packageName}@${entry.version} ${hash} ${entry.license}`;
  });
  assert.deepEqual([...new Set(listed)].toSorted(), [...new Set(wanted)].toSorted(), remedy);
});

test('the SBOM holds nothing of the moment or the machine at which it was made', () => {
  assert.doesNotMatch(read('docs/release/sbom.cdx.json'), /serialNumber|timestamp|"tools"|\/tmp|file:/);
});

test('the list of licences is that of the lock file', () => {
  assert.equal(read('docs/release/licences.md'), printLicences(packages), remedy);
});

test('every licence is one that may be', () => {
  assert.ok(packages.length > 50, `${packages.length} packages`);
  assert.deepEqual(listRefusedLicences(packages), []);
});

test('a licence with other duties, or none stated, is refused', () => {
  const made = ['AGPL-3.0-only', 'GPL-3.0-or-later', 'SSPL-1.0', undefined, 'MIT'].map((license, index) => ({
    name: `made-${index}`,
    path: `node_modules/made-${index}`,
    entry: { version: '1.0.0', ...(license === undefined ? {} : { license }) },
  }));
  assert.deepEqual(listRefusedLicences(made), [
    'made-0@1.0.0: AGPL-3.0-only',
    'made-1@1.0.0: GPL-3.0-or-later',
    'made-2@1.0.0: SSPL-1.0',
    'made-3@1.0.0: not stated',
  ]);
});

test('the list follows dependencies of dependencies, and a lock file of another manifest is refused', () => {
  const entry = { version: '1.0.0', license: 'MIT' };
  const made = {
    packages: {
      'node_modules/a': { ...entry, dependencies: { b: '^1' }, optionalDependencies: { absent: '^1' } },
      'node_modules/a/node_modules/b': { ...entry, dependencies: { c: '^1' } },
      'node_modules/b': entry,
      'node_modules/c': { ...entry, dependencies: { a: '^1' } },
      'node_modules/only-for-development': entry,
    },
  };
  assert.deepEqual(
    listProductionPackages({ dependencies: { a: '1' } }, made).map(({ path }) => path),
    ['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c'],
  );
  assert.throws(
    () => listProductionPackages({ dependencies: { d: '1' } }, made),
    /has no d, which package\.json needs/,
  );
});

test('the published manifest brings no Node, nothing for development, and says which Node it needs', () => {
  const published = makePublishedManifest(manifest) as Record<string, unknown>;
  assert.deepEqual(published['engines'], { node: '>=22.18' });
  assert.deepEqual(
    ['private', 'devDependencies', 'optionalDependencies', 'scripts'].filter((key) => key in published),
    [],
  );
  assert.doesNotMatch(JSON.stringify(published), /node-linux|node-bin/);
});

test('the change log has a heading for this version, above those of earlier ones', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
  for (const heading of headings) assert.match(heading, /^\[\d+\.\d+\.\d+\] - (?:unreleased|\d{4}-\d\d-\d\d)$/);
  assert.ok(headings[0]?.startsWith(`[${manifest.version}] - `), `${headings[0]} is not ${manifest.version}`);
  const released = headings.slice(1).filter((heading) => heading.endsWith('unreleased'));
  assert.deepEqual(released, [], 'only the first version may be unreleased');
  assert.equal(lock.packages['']?.version, manifest.version);
});
