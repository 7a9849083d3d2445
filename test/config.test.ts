/** The configuration: what each setting takes, and that every problem is named at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, StartError } from '../src/config.ts';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
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
  const config = readConfig({});
  assert.deepEqual(
    [config.host, config.port, config.dataDir.endsWith('/roster-data'), config.allowPlaintext],
    ['127.0.0.1', 8080, true, false],
  );
  assert.ok(Object.isFrozen(config));
  assert.deepEqual(readConfig({ ROSTER_PORT: '', ROSTER_DOMAIN: '' }), config);
});

const plaintext = (host: string): string =>
  `ROSTER_HOST=${host} listens beyond this machine without TLS: tokens and passwords would cross the network in the clear. ` +
  'Put a TLS proxy in front and name its address in ROSTER_TRUSTED_PROXIES, or set ROSTER_ALLOW_PLAINTEXT=1 on a network you trust.';

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
