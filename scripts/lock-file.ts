/** Reads `package-lock.json`. */

export interface LockEntry {
  version: string;
  license?: string;
  integrity?: string;
  optional?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface LockFile {
  packages: Record<string, LockEntry>;
}

export interface ProductionPackage {
  name: string;
  /** Where it is installed, such as `node_modules/fastify`. */
  path: string;
  entry: LockEntry;
}

/** Where `name` is found from `path`, as Node looks for it; undefined where it is not installed. */
function resolvePackage(lock: LockFile, path: string, name: string): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (lock.packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
  }
}

function listNeeds(entry: LockEntry): { name: string; mayMiss: boolean }[] {
  const names = (table: Record<string, string> = {}): string[] => Object.keys(table);
  return [
    ...names(entry.dependencies).map((name) => ({ name, mayMiss: entry.optionalDependencies?.[name] !== undefined })),
    ...names(entry.optionalDependencies).map((name) => ({ name, mayMiss: true })),
    ...names(entry.peerDependencies).map((name) => ({
      name,
      mayMiss: entry.peerDependenciesMeta?.[name]?.optional === true,
    })),
  ];
}

/**
 * Every package that an installation of the published one can bring, on any platform, by path.
 * Throws when the lock file lacks one: then it is not that of the manifest.
 */
export function listProductionPackages(
  { dependencies }: { dependencies: Record<string, string> },
  lock: LockFile,
): ProductionPackage[] {
  const found = new Map<string, ProductionPackage>();
  const visit = (from: string, name: string, mayMiss: boolean): void => {
    const path = resolvePackage(lock, from, name);
    const entry = path === undefined ? undefined : lock.packages[path];
    if (path === undefined || entry === undefined) {
      if (mayMiss) return;
      throw new Error(`package-lock.json has no ${name}, which ${from === '' ? 'package.json' : from} needs`);
    }
    if (found.has(path)) return;
    found.set(path, { name, path, entry });
    for (const need of listNeeds(entry)) visit(path, need.name, need.mayMiss);
  };
  for (const name of Object.keys(dependencies)) visit('', name, false);
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
