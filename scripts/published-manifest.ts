/** What the published package says of itself: its `package.json`, and the versions it was tested with. */
import { type LockFile, listProductionPackages } from './lock-file.ts';

export interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  dependencies: Record<string, string>;
}

/** The first Node that the package runs on; `bin/check-node.cjs` says the same to whoever has an older one. */
const engines = { node: '>=22.18' };
export const bin = { roster: 'bin/roster.cjs' };

/** The published `package.json`: only what somebody who installs Roster needs. The Node it carries is for a clone. */
export function makePublishedManifest({ name, version, description, license, dependencies }: Manifest): object {
  return { name, version, description, license, type: 'module', bin, engines, dependencies };
}

/**
 * The published `npm-shrinkwrap.json`: the lock file without what only a clone needs.
 *
 * @param bringsBinaries whether a package says with `"gypfile": false` that its `binding.gyp` is not for installing. npm
 *   forgets that when it writes a lock file, and would compile on installing from one; repeated here, it is respected.
 */
export function makeShrinkwrap(manifest: Manifest, lock: LockFile, bringsBinaries: (path: string) => boolean): object {
  const { name, version, license, dependencies } = manifest;
  const packages = listProductionPackages(manifest, lock).map(
    ({ path, entry }) => [path, bringsBinaries(path) ? { ...entry, gypfile: false } : entry] as const,
  );
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, license, dependencies, bin, engines }, ...Object.fromEntries(packages) },
  };
}
