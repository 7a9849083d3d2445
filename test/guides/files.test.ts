/** The files that the guides offer for copying, used as the guides say, as far as this machine can. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { connect as connectOverTls } from 'node:tls';
import { join, resolve } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { runCommand } from '../support/cli.ts';
import { configurationRequest } from '../support/http-connection.ts';
import { cleanEnv, findFreePort, makeDataDir, startServer, type TestServer } from '../support/server.ts';
import { findUnprivilegedUser } from '../support/unprivileged.ts';

const root = resolve(import.meta.dirname, '../..');
const files = join(root, 'docs/guides/files');
/** How long anything that is started may take to be there, in milliseconds. */
const patience = 20_000;

function readGuideFile(name: string): string {
  return readFileSync(join(files, name), 'utf8');
}

function isInstalled(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

async function makeFolder(context: TestContext): Promise<string> {
  const folder = await makeDataDir();
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function waitFor(what: string, isThere: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + patience;
  while (!(await isThere())) {
    if (performance.now() > until) throw new Error(`${what} did not happen in good time`);
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
}

describe(
  'roster.service',
  { skip: isInstalled('systemd-analyze', '--version') ? false : 'there is no systemd' },
  () => {
    test('is a valid unit with little exposure', async (context) => {
      const unit = join(await makeFolder(context), 'roster.service');
      const text = readGuideFile('roster.service');
      assert.match(
        text,
        /^ExecStart=\/opt\/roster\/node_modules\/\.bin\/node \/opt\/roster\/src\/cli\/roster\.ts serve$/m,
      );
      writeFileSync(unit, text.replace('/opt/roster/node_modules/.bin/node', process.execPath));
      const verified = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
      assert.deepEqual([verified.status, verified.stderr], [0, '']);
      // The threshold is a tenth of an exposure level: 2.0 of 10.
      const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit], {
        encoding: 'utf8',
      });
      assert.equal(judged.status, 0, judged.stdout.split('\n').at(-2));
    });
  },
);

test('a command before the first start keeps the first token out of the log', async (context) => {
  const dataDir = await makeFolder(context);
  const made = await runCommand(dataDir, ['token', 'create', '--description', 'HR system']);
  assert.match(made.out, /rst_0001_/);
  const server = await startServer({ dataDir });
  context.after(() => server.remove());
  assert.equal(server.token, '', server.output());
});

interface ImageFile {
  env: Record<string, string>;
  command: string[];
  healthCheck: string[];
  /** What is copied from the repository. */
  sources: string[];
  user: string;
}

function readImageFile(): ImageFile {
  const text = readGuideFile('Containerfile').replaceAll('\\\n', ' ');
  const find = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? assert.fail(String(pattern));
  const list = (pattern: RegExp): string[] => JSON.parse(find(pattern)) as string[];
  return {
    env: Object.fromEntries(
      find(/^ENV (.+)$/m)
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    ),
    command: [...list(/^ENTRYPOINT (\[.+\])$/m), ...list(/^CMD (\[.+\])$/m)],
    healthCheck: list(/^HEALTHCHECK .*CMD (\[.+\])$/m),
    sources: [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' ')),
    user: find(/^USER (\S+)$/m),
  };
}

/** What the image holds, without an engine: the code where this user cannot write, and a data folder of its own. */
interface Container {
  spawn: (command: readonly string[], env?: Record<string, string>) => ChildProcess;
  code: string;
}

async function makeContainer(context: TestContext, image: ImageFile): Promise<Container | undefined> {
  const unprivileged = await findUnprivilegedUser();
  if (unprivileged.user === undefined) {
    context.skip(unprivileged.obstacle);
    return undefined;
  }
  const { user } = unprivileged;
  const folder = await makeFolder(context);
  const [code, data] = [join(folder, 'code'), join(folder, 'data')];
  for (const path of [code, data]) mkdirSync(path);
  for (const source of image.sources) {
    const isFolder = statSync(join(root, source)).isDirectory();
    cpSync(join(root, source), join(code, isFolder ? source : (source.split('/').at(-1) ?? '')), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(code, 'node_modules'));
  if (user !== 'self') {
    chownSync(data, user.uid, user.gid);
    spawnSync('chmod', ['0755', folder]);
  }
  spawnSync('chmod', ['-R', 'a-w,a+rX', code]);
  const port = String(await findFreePort());
  return {
    code,
    spawn([program = '', ...args], env = {}) {
      assert.equal(program, 'node');
      return spawn(
        process.execPath,
        args.map((arg) => arg.replace('/opt/roster', code)),
        {
          cwd: code,
          env: cleanEnv({ ...image.env, ROSTER_DATA_DIR: data, ROSTER_PORT: port, ...env }),
          stdio: ['ignore', 'pipe', 'pipe'],
          ...(user === 'self' ? {} : user),
        },
      );
    },
  };
}

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return () => output;
}

describe('Containerfile', () => {
  const image = readImageFile();

  test('names a user without rights, and files that are there', () => {
    assert.match(image.user, /^[1-9]\d*:[1-9]\d*$/);
    assert.equal(image.env['ROSTER_DATA_DIR'], '/var/lib/roster');
    assert.deepEqual(
      image.sources.filter((source) => !existsSync(join(root, source))),
      [],
    );
  });

  test('does not listen for others until TLS or a proxy is chosen', async (context) => {
    const container = await makeContainer(context, image);
    if (container === undefined) return;
    const child = container.spawn(image.command);
    const output = collect(child);
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 4, output());
    assert.match(output(), /listens beyond this machine without TLS/);
  });

  test('runs for another user from code that is only to be read, and tells its health', async (context) => {
    const container = await makeContainer(context, image);
    if (container === undefined) return;
    const before = spawnSync('ls', ['-lR', container.code], { encoding: 'utf8' }).stdout;
    const checkHealth = async (): Promise<number | null> =>
      ((await once(container.spawn(image.healthCheck), 'close')) as [number | null])[0];
    assert.equal(await checkHealth(), 1, 'not ready before the start');
    const child = container.spawn(image.command, { ROSTER_TRUSTED_PROXIES: '192.0.2.1' });
    const output = collect(child);
    context.after(() => child.kill('SIGKILL'));
    await waitFor('the start', () => output().includes('Roster is ready at') || child.exitCode !== null);
    assert.match(output(), /Roster is ready at/);
    assert.equal(await checkHealth(), 0, 'ready');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, output());
    assert.equal(spawnSync('ls', ['-lR', container.code], { encoding: 'utf8' }).stdout, before, 'nothing was written');
  });

  test('the health check speaks TLS where the server does', async (context) => {
    const folder = await makeFolder(context);
    const { certificate, key } = makeCertificate(folder);
    const env = { ROSTER_TLS_CERTIFICATE: certificate, ROSTER_TLS_KEY: key };
    const server = await startServer({ env });
    context.after(() => server.remove());
    const check = (extra: Record<string, string>): number | null =>
      spawnSync(process.execPath, [join(files, 'health-check.mjs')], {
        env: cleanEnv({ ROSTER_PORT: String(server.port), ...extra }),
      }).status;
    assert.equal(check(env), 0);
    assert.equal(check({}), 1, 'a server that speaks TLS does not answer plain HTTP');
  });
});

function makeCertificate(folder: string): { certificate: string; key: string; both: string } {
  const [certificate, key, both] = ['fullchain.pem', 'privkey.pem', 'both.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const subject = ['-subj', '/CN=roster.example.com', '-days', '2'];
  const made = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject],
    { encoding: 'utf8' },
  );
  assert.equal(made.status, 0, made.stderr);
  writeFileSync(both, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
  return { certificate, key, both };
}

interface Proxy {
  program: string;
  versionFlag: string;
  /** Writes its files for these ports; gives the arguments that start it in the foreground. */
  prepare: (folder: string, ports: { outer: number; inner: number }) => string[];
}

const proxies: readonly Proxy[] = [
  {
    program: 'nginx',
    versionFlag: '-v',
    prepare(folder, { outer, inner }) {
      makeCertificate(folder);
      const site = readGuideFile('nginx.conf')
        .replace('listen 443', `listen 127.0.0.1:${outer}`)
        .replace('127.0.0.1:8080', `127.0.0.1:${inner}`)
        .replaceAll('/etc/ssl/roster/', `${folder}/`);
      writeFileSync(join(folder, 'roster.conf'), site);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const paths = temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
      const http = `http { access_log off; ${paths} include ${folder}/roster.conf; }`;
      // Its workers write large bodies into the folder, which is whose the tests are.
      const user = process.getuid?.() === 0 ? 'user root; ' : '';
      const main = `${user}pid ${folder}/nginx.pid; error_log ${folder}/error.log; daemon off;\nevents {}\n${http}\n`;
      writeFileSync(join(folder, 'nginx.conf'), main);
      return ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
    },
  },
  {
    program: 'haproxy',
    versionFlag: '-v',
    prepare(folder, { outer, inner }) {
      const { both } = makeCertificate(folder);
      const text = readGuideFile('haproxy.cfg')
        .replace('bind :443', `bind 127.0.0.1:${outer}`)
        .replace('127.0.0.1:8080', `127.0.0.1:${inner}`)
        .replace('/etc/haproxy/roster.pem', both);
      writeFileSync(join(folder, 'haproxy.cfg'), text);
      return ['-f', join(folder, 'haproxy.cfg')];
    },
  },
];

/** Sends a request over TLS from an address of this machine; gives the whole answer as text, '' without one. */
function askOverTls(port: number, localAddress: string, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectOverTls({
      socket: connect({ host: '127.0.0.1', port, localAddress }),
      rejectUnauthorized: false,
    });
    let received = '';
    socket.on('secureConnect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => resolve(received));
    socket.on('close', () => resolve(received));
  });
}

for (const { program, versionFlag, prepare } of proxies) {
  // A client has an address of its own in 127.0.0.0/8, all of which only Linux has.
  const skip = !isInstalled(program, versionFlag)
    ? `there is no ${program}`
    : process.platform === 'linux'
      ? false
      : 'this is not Linux';
  describe(`behind ${program}`, { skip }, () => {
    let server: TestServer;
    let outer: number;
    let child: ChildProcess;
    let folder: string;
    before(async () => {
      folder = await makeDataDir();
      const env = { ROSTER_TRUSTED_PROXIES: '127.0.0.1', ROSTER_DOMAIN: 'roster.example.com' };
      server = await startServer({ env });
      outer = await findFreePort();
      child = spawn(program, prepare(folder, { outer, inner: server.port }), { stdio: ['ignore', 'pipe', 'pipe'] });
      const output = collect(child);
      const probe = 'GET /api/v2/ HTTP/1.1\r\nHost: wv0001.roster.example.com\r\nConnection: close\r\n\r\n';
      await waitFor(`the start of ${program}`, async () => {
        assert.equal(child.exitCode, null, output());
        return (await askOverTls(outer, '127.0.0.1', probe)).includes('THE API YOU WANT TO CONSULT');
      });
    });
    after(async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const ask = (options: {
      token: string;
      from?: string;
      host?: string;
      headers?: string[];
      api?: string;
      body?: string;
    }): Promise<string> => {
      const { token, from = '127.0.0.1', host = 'wv0001', headers = [], api = 'token_info', body = '' } = options;
      const kind = body === '' ? { method: 'GET', group: 'information' } : {};
      const bytes = configurationRequest({ token, api, body, ...kind, headers: ['Connection: close', ...headers] });
      return askOverTls(outer, from, bytes.replace('Host: wv0001.localhost', `Host: ${host}.roster.example.com`));
    };

    test("allowed networks see the client's address, and no forged one", async () => {
      const { token } = await server.admin.createToken('0001', { allowed_networks: ['127.0.0.2/32'] });
      assert.match(await ask({ token, from: '127.0.0.2' }), /^HTTP\/1\.1 200 /);
      assert.match(await ask({ token, from: '127.0.0.3' }), /PLEASE VALIDATE TOKEN/);
      const headers = ['X-Forwarded-For: 127.0.0.2'];
      assert.match(await ask({ token, from: '127.0.0.3', headers }), /PLEASE VALIDATE TOKEN/);
    });

    test('the host names the operation', async () => {
      assert.match(await ask({ token: server.token }), /^HTTP\/1\.1 200 /);
      assert.match(await ask({ token: server.token, host: 'wv0002' }), /PLEASE VALIDATE TOKEN/);
    });

    test("a create is repeated under its key, and a large body gets Roster's own answer", async () => {
      const headers = ['Idempotency-Key: behind-a-proxy'];
      const body = '{"agent_dni": "1020304050", "agent_name": "Ana Gómez"}';
      const answers: string[] = [];
      for (let time = 1; time <= 2; time += 1) {
        answers.push(await ask({ token: server.token, api: 'create_agent', body, headers }));
      }
      const [first, second] = answers.map((text) => /\{"code":201.*\}\]\}/.exec(text)?.[0]);
      assert.notEqual(first, undefined, answers[0]);
      assert.equal(second, first);
      assert.match(answers[1] ?? '', /^idempotency-replayed: true/im);
      const large = await ask({ token: server.token, api: 'create_agent', body: `{"a": "${'a'.repeat(70_000)}"}` });
      assert.match(large, /THE BODY EXCEEDS 65536 BYTES/);
    });

    test('nothing but the API is for others', async () => {
      const bytes = 'GET /health/ready HTTP/1.1\r\nHost: wv0001.roster.example.com\r\nConnection: close\r\n\r\n';
      assert.match(await askOverTls(outer, '127.0.0.1', bytes), /^HTTP\/1\.1 404 /);
    });
  });
}

test('the wrapper for the commands is a valid script', () => {
  assert.equal(spawnSync('sh', ['-n', join(files, 'roster')]).status, 0);
});
