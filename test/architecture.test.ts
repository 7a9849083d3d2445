/** The walls between the rooms, and the promises ARCHITECTURE.md makes of them, checked on the source itself. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const files = globSync('src/**/*.ts', { cwd: root }).toSorted();

/** What each room may import: rooms by name, packages with `npm:`, Node's modules with `node:`. */
const rules: Record<string, readonly string[]> = {
  domain: ['domain', 'node:crypto'],
  platform: ['platform', 'domain', 'npm:*', 'node:*'],
  store: ['store', 'domain', 'npm:kysely', 'npm:better-sqlite3', 'node:*'],
  http: ['http', 'domain', 'npm:fastify', 'npm:typebox', 'node:*'],
  // Below the protocol rooms: they describe themselves in its words, and the app has it serve what they said.
  documents: ['documents', 'http', 'npm:fastify', 'node:*'],
  configuration: ['configuration', 'documents', 'http', 'domain', 'npm:fastify', 'npm:typebox'],
  management: [
    'management',
    'documents',
    'http',
    'domain',
    'npm:fastify',
    'npm:typebox',
    'npm:@fastify/type-provider-typebox',
  ],
  client: ['client', 'type:management'],
  cli: ['cli', 'client', 'main', 'config', 'backup', 'doctor', 'node:*'],
  app: ['http', 'documents', 'configuration', 'management', 'domain', 'npm:fastify'],
  config: ['domain', 'platform', 'node:*'],
  main: ['*'],
  background: ['config', 'domain', 'platform', 'node:timers/promises'],
  backup: ['config', 'domain', 'platform', 'store', 'node:*'],
  doctor: ['config', 'domain', 'platform', 'store', 'node:*'],
};

interface Import {
  file: string;
  /** What is imported: a file of `src/`, or a package or module as it is written. */
  target: string;
  isType: boolean;
}

const importPattern =
  /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importPattern)].map(([, type, from, bare, dynamic]) => {
    const source = from ?? bare ?? dynamic ?? '';
    const target = source.startsWith('.') ? relative(root, resolve(root, dirname(file), source)) : source;
    return { file, target, isType: type !== undefined };
  });
}

function roomOf(file: string): string {
  const [, room = '', ...rest] = file.split('/');
  return rest.length === 0 ? room.replace(/\.ts$/, '') : room;
}

function describeTarget({ target }: Import): string {
  if (target.startsWith('src/')) return roomOf(target);
  return target.startsWith('node:')
    ? target
    : `npm:${target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/')}`;
}

function isAllowed(room: string, imported: Import): boolean {
  const target = describeTarget(imported);
  const allowed = rules[room] ?? [];
  return (
    allowed.includes('*') ||
    allowed.includes(target) ||
    (target.startsWith('node:') && allowed.includes('node:*')) ||
    (target.startsWith('npm:') && allowed.includes('npm:*')) ||
    (imported.isType && allowed.includes(`type:${target}`))
  );
}

const imports = files.flatMap((file) => importsOf(file));

test('the source was found and its imports were read', () => {
  assert.ok(files.length > 80, `${files.length} files`);
  assert.ok(imports.length > 200, `${imports.length} imports`);
});

test('every file is in a room that has a rule', () => {
  assert.deepEqual(
    files.filter((file) => rules[roomOf(file)] === undefined),
    [],
  );
});

test('no room imports what it may not', () => {
  const broken = imports.filter((imported) => !isAllowed(roomOf(imported.file), imported));
  assert.deepEqual(
    broken.map(({ file, target }) => `${file} imports ${target}`),
    [],
  );
});

test('the domain takes only pure functions of node:crypto', () => {
  const pure = ['hash', 'createHash', 'createHmac', 'timingSafeEqual', 'createSecretKey', 'KeyObject'];
  for (const file of files.filter((name) => roomOf(name) === 'domain')) {
    const text = readFileSync(join(root, file), 'utf8');
    const names = /import (?:type )?\{([^}]*)\} from 'node:crypto'/.exec(text)?.[1] ?? '';
    const taken = names
      .split(',')
      .map((name) => name.replace('type ', '').trim())
      .filter(Boolean);
    assert.deepEqual(
      taken.filter((name) => !pure.includes(name)),
      [],
      file,
    );
    assert.ok(
      !/\bDate\.now\(|\bnew Date\(\)|Math\.random\(|\bsetTimeout\(|\bfetch\(/.test(text),
      `${file} has a clock or chance of its own`,
    );
  }
});

test('there are no circles', () => {
  const graph = Map.groupBy(
    imports.filter(({ target }) => target.startsWith('src/')),
    ({ file }) => file,
  );
  const done = new Set<string>();
  const circles: string[] = [];
  function visit(file: string, path: readonly string[]): void {
    if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const { target } of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);
  assert.deepEqual(circles, []);
});

test('files are short: none over 400 lines, half of them at most 100', () => {
  const lengths = files.map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }));
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 400),
    [],
  );
  const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  assert.ok(median <= 100, `the median is ${median}`);
});

test('every statement names its operation', () => {
  const global = ['operations', 'migrations', 'installation', 'sqlite_master'];
  const statements = files
    // What stands in sqlite-*.ts is about a whole database file, never asked of a sharded store.
    .filter((file) => /^src\/store\/(?!sqlite)[^/]+\.ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const built = [...text.matchAll(/\.(selectFrom|updateTable|deleteFrom)\('(\w+)'\)[\s\S]*?\.(execute\w*)\(/g)].map(
        ([whole, , table]) => ({ file, table, whole }),
      );
      const written = [
        ...text.matchAll(/[`']((?:select|update|delete)\b[^`']*?\b(?:from|update)?\s(\w+)[^`']*)[`']/g),
      ].map(([, whole = '']) => ({ file, table: /(?:from|update)\s+(\w+)/.exec(whole)?.[1], whole }));
      return [...built, ...written];
    });
  assert.ok(statements.length > 10, `${statements.length} statements`);
  const unnamed = statements.filter(
    ({ table, whole }) => !global.includes(table ?? '') && !whole.includes('operation_id'),
  );
  assert.deepEqual(
    unnamed.map(({ file, whole }) => `${file}: ${whole}`),
    [],
  );
});

test('every path that ARCHITECTURE.md names exists', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const paths = [...text.matchAll(/`((?:src|test|bench|docs|scripts|\.ci)\/[\w./-]*)`/g)].map(([, path = '']) => path);
  assert.ok(paths.length > 10, `${paths.length} paths`);
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(root, path))),
    [],
  );
});
