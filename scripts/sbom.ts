/**
 * Writes `docs/release/sbom.cdx.json` and `docs/release/licences.md`: what an installation of the published package
 * brings along. Run it again when the lock file or the version changes; a test notices when that was forgotten.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { listRefusedLicences, printLicences } from './licences.ts';
import { listProductionPackages, type LockFile } from './lock-file.ts';
import { type Manifest, makePublishedManifest, makeShrinkwrap } from './published-manifest.ts';

const root = resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;

interface Component {
  'bom-ref': string;
  name: string;
  /** Where npm has put it; npm 10 says so, npm 11 does not. */
  properties?: unknown;
}

interface Sbom {
  serialNumber?: string;
  metadata: { timestamp?: string; tools?: unknown; component: Component };
  components: Component[];
  dependencies: { ref: string }[];
}

/** Asks npm for the SBOM of what is published, in a folder that holds nothing else. */
function askNpm(): Sbom {
  const folder = mkdtempSync(join(tmpdir(), 'roster-sbom-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(makePublishedManifest(manifest)));
    writeFileSync(join(folder, 'npm-shrinkwrap.json'), JSON.stringify(makeShrinkwrap(manifest, lock, () => false)));
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm sbom failed:\n${stderr}`);
    return JSON.parse(stdout) as Sbom;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first of each key: npm 10 repeats a package that is installed in two places, npm 11 does not. */
function dropRepeats<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...Map.groupBy(values, keyOf).values()].flatMap((same) => same.slice(0, 1));
}

/** Leaves out what differs from one run, or one npm, to the next. */
function makeReproducible({ serialNumber: _serial, metadata, components, dependencies, ...rest }: Sbom): object {
  const { timestamp: _timestamp, tools: _tools, component, ...kept } = metadata;
  const strip = ({ properties: _properties, ...facts }: Component): Component => facts;
  return {
    ...rest,
    metadata: { ...kept, component: { ...strip(component), name: manifest.name } },
    components: dropRepeats(components, (value) => value['bom-ref']).map(strip),
    dependencies: dropRepeats(dependencies, ({ ref }) => ref),
  };
}

const packages = listProductionPackages(manifest, lock);
const refused = listRefusedLicences(packages);
if (refused.length > 0) throw new Error(`Not with these licences:\n${refused.join('\n')}`);
const folder = join(root, 'docs/release');
writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(makeReproducible(askNpm()), null, 2)}\n`);
writeFileSync(join(folder, 'licences.md'), printLicences(packages));
console.log(`${packages.length} packages are listed in ${folder}`);
