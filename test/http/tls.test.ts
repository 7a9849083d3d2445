/** TLS from key and certificate files: versions, replacement without a restart, and what is refused. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, type SecureVersion } from 'node:tls';
import { paths } from '../support/ask.ts';
import { runCommand } from '../support/cli.ts';
import { startServer } from '../support/server.ts';

let folder: string;
const file = (name: string): string => join(folder, name);

/** Makes a key and a self-signed certificate; `days` may lie in the past. */
function makeCertificate(name: string, commonName: string, validity: string[] = ['-days', '30']): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file(`${name}.key`)];
  execFileSync(
    'openssl',
    ['req', '-x509', ...key, '-out', file(`${name}.crt`), '-subj', `/CN=${commonName}`, ...validity],
    { stdio: 'ignore' },
  );
}

function makeExpiredCertificate(name: string): void {
  makeCertificate(name, 'expired');
  const times = ['-not_before', '20200101000000Z', '-not_after', '20200102000000Z'];
  const request = file(`${name}.csr`);
  execFileSync('openssl', ['req', '-new', '-key', file(`${name}.key`), '-subj', '/CN=expired', '-out', request], {
    stdio: 'ignore',
  });
  const [start, end] = [times[1] ?? '', times[3] ?? ''];
  const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${file('index')}\nserial=${file('serial')}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`;
  execFileSync('sh', ['-c', `: > ${file('index')}; echo 01 > ${file('serial')}`]);
  execFileSync('sh', ['-c', `printf '%s' "$0" > ${file('ca.conf')}`, config]);
  const ca = ['ca', '-batch', '-config', file('ca.conf'), '-selfsign', '-keyfile', file(`${name}.key`), '-in', request];
  execFileSync('openssl', [...ca, '-startdate', start, '-enddate', end, '-out', file(`${name}.crt`), '-notext'], {
    stdio: 'ignore',
  });
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-tls-'));
  makeCertificate('one', 'first.example.com');
  makeCertificate('two', 'second.example.com');
  makeExpiredCertificate('expired');
});
after(() => rm(folder, { recursive: true, force: true }));

/** The common name of the certificate that a new connection is shown, and the TLS version agreed on. */
function shake(port: number, maxVersion: SecureVersion = 'TLSv1.3'): Promise<{ name: string; version: string | null }> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion, minVersion: 'TLSv1' },
      () => {
        const name = String(socket.getPeerCertificate().subject.CN);
        const version = socket.getProtocol();
        socket.destroy();
        resolve({ name, version });
      },
    );
    socket.on('error', reject);
  });
}

function get(port: number, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'wolkvox-token': token };
    request(
      { port, host: '127.0.0.1', path: paths.tokenInfo, headers, rejectUnauthorized: false, agent: false },
      (incoming) => {
        let text = '';
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
        incoming.on('end', () => resolve(text));
      },
    )
      .on('error', reject)
      .end();
  });
}

async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('it did not come to be within 10 s');
}

test('TLS 1.2 and 1.3, nothing older; a new certificate without a restart; garbage changes nothing', async () => {
  await copyFile(file('one.crt'), file('live.crt'));
  await copyFile(file('one.key'), file('live.key'));
  const env = { ROSTER_TLS_CERTIFICATE: file('live.crt'), ROSTER_TLS_KEY: file('live.key'), ROSTER_HOST: '127.0.0.1' };
  const server = await startServer({ env });
  assert.match(server.output(), new RegExp(`https://127\\.0\\.0\\.1:${server.port}`));
  assert.match(await get(server.port, server.token), /"code":"200"/);
  assert.deepEqual(await shake(server.port), { name: 'first.example.com', version: 'TLSv1.3' });
  assert.deepEqual(await shake(server.port, 'TLSv1.2'), { name: 'first.example.com', version: 'TLSv1.2' });
  await assert.rejects(shake(server.port, 'TLSv1.1'));

  await writeFile(file('live.crt'), 'garbage');
  await until(() => server.output().includes('the old one stays'));
  assert.equal((await shake(server.port)).name, 'first.example.com');

  await copyFile(file('two.key'), file('next.key'));
  await copyFile(file('two.crt'), file('next.crt'));
  await rename(file('next.key'), file('live.key'));
  await rename(file('next.crt'), file('live.crt'));
  await until(async () => (await shake(server.port)).name === 'second.example.com');
  assert.match(await get(server.port, server.token), /"code":"200"/);
  await server.remove();
});

const refusals: [name: string, env: () => Record<string, string>, words: RegExp][] = [
  [
    'an expired certificate',
    () => ({ ROSTER_TLS_CERTIFICATE: file('expired.crt'), ROSTER_TLS_KEY: file('expired.key') }),
    /The certificate in .*expired\.crt expired on Jan {2}2 00:00:00 2020 GMT\./,
  ],
  [
    'a key of another certificate',
    () => ({ ROSTER_TLS_CERTIFICATE: file('one.crt'), ROSTER_TLS_KEY: file('two.key') }),
    /The key in .*two\.key is not the key of the certificate in .*one\.crt\./,
  ],
  [
    'no certificate in the file',
    () => ({ ROSTER_TLS_CERTIFICATE: file('one.key'), ROSTER_TLS_KEY: file('one.key') }),
    /one\.key holds no PEM certificate\./,
  ],
  [
    'no key in the file',
    () => ({ ROSTER_TLS_CERTIFICATE: file('one.crt'), ROSTER_TLS_KEY: file('one.crt') }),
    /one\.crt holds no private key/,
  ],
  [
    'a missing file',
    () => ({ ROSTER_TLS_CERTIFICATE: file('none.crt'), ROSTER_TLS_KEY: file('one.key') }),
    /The file that ROSTER_TLS_CERTIFICATE names cannot be read/,
  ],
  [
    'one of the two',
    () => ({ ROSTER_TLS_KEY: file('one.key') }),
    /ROSTER_TLS_CERTIFICATE and ROSTER_TLS_KEY belong together: set both or neither/,
  ],
];

for (const [name, env, words] of refusals) {
  test(`${name} is refused at start`, async () => {
    const result = await runCommand(file('data'), ['serve'], { env: { ROSTER_PORT: '0', ...env() } });
    assert.equal(result.code, 4, result.err);
    assert.match(result.err, words);
  });
}
