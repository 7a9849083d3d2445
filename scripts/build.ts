/**
 * Makes `dist/package/`, or the folder named, what is published: `src/` compiled, the files it reads beside it, the
 * launcher, the documents, and a `package.json` of its own. The same sources give the same bytes.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LockFile } from './lock-file.ts';
import { bin, type Manifest, makePublishedManifest, makeShrinkwrap } from './published-manifest.ts';

const root = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'dist/package'));

/** What goes into the package as it is. */
const copied = ['bin/*.cjs', 'docs/**/*.{md,json,yml,yaml}', '*.md', 'LICENSE', 'roster.conf.example'];

function compile(): void {
  const args = ['--project', 'tsconfig.build.json', '--outDir', join(target, 'dist')];
  const { status, stdout } = spawnSync('tsc', args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`tsc failed:\n${stdout}`);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(join(target, to)), { recursive: true });
  cpSync(join(root, from), join(target, to));
}

function listFiles(patterns: string | readonly string[], cwd = root): string[] {
  return globSync(patterns, { cwd }).filter((file) => statSync(join(cwd, file)).isFile());
}

/** Gives every file the rights that it has everywhere, whatever the umask of who builds: they are packed too. */
function setRights(): void {
  for (const file of listFiles('**/*', target)) chmodSync(join(target, file), file === bin.roster ? 0o755 : 0o644);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

function writeJson(file: string, value: object): void {
  writeFileSync(join(target, file), `${JSON.stringify(value, null, 2)}\n`);
}

/** Whether an installed package says that it need not be compiled; one for another platform is not there to ask. */
function bringsBinaries(path: string): boolean {
  const file = join(path, 'package.json');
  return existsSync(join(root, file)) && (readJson(file) as { gypfile?: boolean }).gypfile === false;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
compile();
for (const file of listFiles('src/**/*').filter((name) => !name.endsWith('.ts'))) {
  copy(file, file.replace(/^src\//, 'dist/'));
}
for (const file of listFiles(copied)) copy(file, file);
const manifest = readJson('package.json') as Manifest;
writeJson('package.json', makePublishedManifest(manifest));
writeJson('npm-shrinkwrap.json', makeShrinkwrap(manifest, readJson('package-lock.json') as LockFile, bringsBinaries));
setRights();
console.log(`${manifest.name} ${manifest.version} is built in ${target}`);
