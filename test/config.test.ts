/** The configuration: what each setting takes, and that every problem is named at once. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileVariable, flagOf, readConfig, settings, StartError } from '../src/config.ts';
import { runCommand } from './support/cli.ts';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig({ env });
    return [];
  } catch (error) {
    assert.ok(error instanceof StartError);
    return error.message
      .split('\n')
      .filter((line) => line.startsWith('  - '))
      .map((line) => line.slice(4));
  }
}

test('without any setting: this machine only, port 8080, ./roster-data', () => {
  const { config } = readConfig({ env: {} });
  assert.deepEqual(
    [config.host, config.port, config.dataDir.endsWith('/roster-data'), config.allowPlaintext],
    ['127.0.0.1', 8080, true, false],
  );
  assert.ok(Object.isFrozen(config));
  assert.deepEqual(readConfig({ env: { ROSTER_PORT: '', ROSTER_DOMAIN: '' } }).config, config);
});

const plaintext = (host: string): string =>
  `ROSTER_HOST=${host} listens beyond this machine without TLS: tokens and passwords would cross the network in the clear. ` +
  'Set ROSTER_TLS_CERTIFICATE and ROSTER_TLS_KEY, or put a TLS proxy in front and name its address in ROSTER_TRUSTED_PROXIES, or set ROSTER_ALLOW_PLAINTEXT=1 on a network you trust.';

const cases: [env: Record<string, string>, problems: string[]][] = [
  [{ ROSTER_PORT: '70000' }, ['ROSTER_PORT=70000: must be a whole number from 0 to 65535']],
  [{ ROSTER_PORT: 'tcp://10.0.0.1:8080' }, ['ROSTER_PORT=tcp://10.0.0.1:8080: must be a whole number from 0 to 65535']],
  [{ ROSTER_HOST: 'a b' }, ['ROSTER_HOST=a b: must be an IP address or a host name']],
  [{ ROSTER_DOMAIN: '.example' }, ['ROSTER_DOMAIN=.example: must be a domain such as example.com']],
  [{ ROSTER_LOG_LEVEL: 'loud' }, ['ROSTER_LOG_LEVEL=loud: must be one of debug, info, warn, error']],
  [{ ROSTER_BODY_TIMEOUT: '0' }, ['ROSTER_BODY_TIMEOUT=0: must be a number of seconds from 0.1 to 3600']],
  [{ ROSTER_PROT: '1' }, ['ROSTER_PROT is not a setting; did you mean ROSTER_PORT?']],
  [{ ROSTER_SOMETHING_ELSE: '1' }, []],
  [
    { ROSTER_ALLOW_PLAINTEXT: 'yes', ROSTER_TRUSTED_PROXIES: '10.0.0.1,proxy' },
    [
      'ROSTER_TRUSTED_PROXIES=10.0.0.1,proxy: "proxy" is neither an IP address nor a network such as 10.0.0.0/8 (several are separated by commas)',
      'ROSTER_ALLOW_PLAINTEXT=yes: must be 0 or 1',
    ],
  ],
  [{ ROSTER_HOST: '0.0.0.0' }, [plaintext('0.0.0.0')]],
  [{ ROSTER_HOST: '::' }, [plaintext('::')]],
  [{ ROSTER_HOST: 'roster.example.com' }, [plaintext('roster.example.com')]],
  [{ ROSTER_HOST: '127.0.0.2' }, []],
  [{ ROSTER_HOST: '::1' }, []],
  [{ ROSTER_HOST: 'localhost' }, []],
  [{ ROSTER_HOST: '0.0.0.0', ROSTER_ALLOW_PLAINTEXT: '1' }, []],
  [{ ROSTER_HOST: '0.0.0.0', ROSTER_TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16' }, []],
];

for (const [env, problems] of cases) {
  test(`${JSON.stringify(env)}: ${problems.length} problems`, () => {
    assert.deepEqual(problemsOf(env), problems);
  });
}

function withFile<Result>(text: string, use: (path: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'roster-config-'));
  const path = join(folder, 'roster.conf');
  writeFileSync(path, text);
  try {
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
  withFile('# a comment\nROSTER_PORT=1001\nROSTER_HOST="127.0.0.3"\nROSTER_DOMAIN=a.example\n', (path) => {
    const env = { [fileVariable]: path, ROSTER_PORT: '1002', ROSTER_HOST: '127.0.0.4' };
    const { config, inForce } = readConfig({ env, flags: { ROSTER_PORT: '1003' } });
    assert.deepEqual(
      [config.port, config.host, config.domain, config.maxConnections],
      [1003, '127.0.0.4', 'a.example', 2048],
    );
    const origins = Object.fromEntries(inForce.map(({ variable, origin }) => [variable, origin]));
    assert.deepEqual(
      ['ROSTER_PORT', 'ROSTER_HOST', 'ROSTER_DOMAIN', 'ROSTER_LOG_LEVEL'].map((variable) => origins[variable]),
      ['flag', 'environment', 'file', 'default'],
    );
  });
});

test('every problem of flags, environment, file and their contradictions is named at once', () => {
  withFile('ROSTER_DOMIAN=x\nOTHER=1\nROSTER_LOG_LEVEL=loud\n', (path) => {
    const env = { [fileVariable]: path, ROSTER_MAX_CONNECTIONS: '0', ROSTER_TLS_KEY: '/k' };
    assert.throws(() => readConfig({ env, flags: { ROSTER_PORT: 'x' } }), {
      message: [
        'The configuration has 6 problems:',
        '  - OTHER is not a setting',
        '  - ROSTER_DOMIAN is not a setting; did you mean ROSTER_DOMAIN?',
        '  - --port x: must be a whole number from 0 to 65535',
        '  - ROSTER_LOG_LEVEL=loud (in the file): must be one of debug, info, warn, error',
        '  - ROSTER_MAX_CONNECTIONS=0: must be a whole number from 1 to 100000',
        '  - ROSTER_TLS_CERTIFICATE and ROSTER_TLS_KEY belong together: set both or neither',
      ].join('\n'),
    });
  });
  assert.deepEqual(problemsOf({ [fileVariable]: '/nowhere/roster.conf' }), [
    "ROSTER_CONFIG=/nowhere/roster.conf: ENOENT: no such file or directory, open '/nowhere/roster.conf'",
  ]);
});

test('the example file is what the code says, and lists every setting', async () => {
  const example = readFileSync(new URL('../roster.conf.example', import.meta.url), 'utf8');
  assert.equal(example, (await runCommand('unused', ['config', 'example'])).out);
  const enabled = example.replaceAll(/^#(ROSTER_)/gm, '$1');
  withFile(enabled, (path) =>
    assert.deepEqual(readConfig({ env: { [fileVariable]: path } }).config, readConfig({ env: {} }).config),
  );
  for (const { variable } of Object.values(settings)) assert.match(enabled, new RegExp(`^${variable}=`, 'm'));
});

test('config show prints each setting, its value and where it came from', async () => {
  const shown = await runCommand('/somewhere', ['config', 'show', '--port', '9000', '--json'], {
    env: { ROSTER_HOST: '127.0.0.9' },
  });
  const rows = JSON.parse(shown.out) as { variable: string; text: string; origin: string }[];
  assert.deepEqual(rows.slice(0, 3), [
    { variable: 'ROSTER_DATA_DIR', text: '/somewhere', origin: 'environment' },
    { variable: 'ROSTER_HOST', text: '127.0.0.9', origin: 'environment' },
    { variable: 'ROSTER_PORT', text: '9000', origin: 'flag' },
  ]);
  assert.deepEqual(
    rows.map(({ variable }) => flagOf(variable)),
    Object.values(settings).map(({ variable }) => flagOf(variable)),
  );
});
