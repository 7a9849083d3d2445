/** The published package, made, installed into an empty folder and run, as somebody who has nothing but npm does. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ask, callApi, paths } from '../support/ask.ts';
import { cleanEnv, findFreePort } from '../support/server.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
/** Without `node_modules/.bin` of the clone, so that nothing of it is used by accident. */
const userPath = [
  dirname(process.execPath),
  ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules')),
].join(delimiter);
/** npm hands its settings on as variables: the clone's must not become those of the installation. */
const userEnv = Object.fromEntries(
  Object.entries(cleanEnv({ PATH: userPath })).filter(([name]) => !name.toLowerCase().startsWith('npm_config_')),
);

let folder: string;
let installed: string;

/** Builds and packs into a folder of its own. Gives the tarball's bytes. */
async function makeTarball(name: string, umask: string): Promise<Buffer> {
  const into = join(folder, name);
  await mkdir(into);
  const script = `umask ${umask} && "${process.execPath}" scripts/build.ts "${into}/package" && npm pack --silent "${into}/package" --pack-destination "${into}"`;
  await run('sh', ['-c', script], { cwd: root });
  const tarball = (await readdir(into)).find((file) => file.endsWith('.tgz')) ?? '';
  return readFile(join(into, tarball));
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-package-'));
  installed = join(folder, 'installed');
});
after(() => rm(folder, { recursive: true, force: true }));

test('the same sources give the same bytes, whatever the access rights of who builds', async () => {
  const tarballs = await Promise.all([makeTarball('first', '022'), makeTarball('second', '077')]);
  assert.ok((tarballs[0]?.length ?? 0) > 100_000, `${tarballs[0]?.length} bytes`);
  assert.ok(tarballs[0]?.equals(tarballs[1] ?? Buffer.alloc(0)));
  await mkdir(installed);
  await writeFile(join(installed, 'roster.tgz'), tarballs[0] ?? '');
});

test('it installs without compiling, and holds no TypeScript', async () => {
  await writeFile(join(installed, 'package.json'), '{}');
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', './roster.tgz'];
  await run('npm', args, { cwd: installed, env: userEnv });
  const modules = await readdir(join(installed, 'node_modules'), { recursive: true });
  const own = modules.filter((file) => file.startsWith('@roster-server'));
  assert.ok(own.length > 100, `${own.length} files`);
  assert.deepEqual(
    own.filter((file) => file.endsWith('.ts')),
    [],
  );
  assert.ok(own.includes('@roster-server/roster/docs/release/sbom.cdx.json'));
  assert.ok(!modules.includes('better-sqlite3/build'), 'npm compiled better-sqlite3');
  assert.deepEqual(
    modules.filter((file) => /^(node-linux|node-bin|typescript|oxlint)/.test(file)),
    [],
  );
});

test('npx roster --help', async () => {
  const { stdout } = await run('npx', ['roster', '--help'], { cwd: installed, env: userEnv });
  assert.match(stdout, /^roster: the server .*\n\nUsage: roster <command>/);
});

/** Starts it and waits until it is ready. Gives the token of the first start. */
async function waitUntilReady(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((done, fail) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('Roster is ready at')) done(/rst_[0-9A-Za-z_]+/.exec(output)?.[0] ?? '');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', (code) => fail(new Error(`it ended with ${code}:\n${output}`)));
  });
}

test('npx roster serve takes an agent, finds it again after a stop, and leaves no process behind', async () => {
  const port = await findFreePort();
  const env = { ...userEnv, ROSTER_PORT: String(port), ROSTER_DATA_DIR: join(folder, 'data') };
  // A group of its own: what stops it reaches npx and the server, as Ctrl+C does.
  const start = (): ChildProcess =>
    spawn('npx', ['roster', 'serve'], { cwd: installed, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  async function stop(child: ChildProcess): Promise<void> {
    const closed = once(child, 'close');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await closed;
  }
  const first = start();
  const token = await waitUntilReady(first);
  const made = await callApi(port, token, paths.create, { agent_dni: '1', agent_name: 'Ana Gómez' });
  const page = await ask(port, { path: '/docs' });
  await stop(first);
  assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8'], page.text);
  assert.equal(made.status, 201, made.text);
  const second = start();
  await waitUntilReady(second);
  const agents = await callApi(port, token, paths.agents);
  await stop(second);
  assert.match(agents.text, /Ana Gómez/);
});
