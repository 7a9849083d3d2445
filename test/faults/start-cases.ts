/** What can be wrong with a start: how to bring it about, what the refusal must say, and how to mend it. */
import assert from 'node:assert/strict';
import Sqlite from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startServer } from '../support/server.ts';

/** Something broken. */
export interface Spoilt {
  /** Settings for the start that is to be refused. */
  env?: Record<string, string>;
  /** Asserts that the refused start has left alone what it should. */
  check?: () => Promise<void>;
  mend?: () => Promise<unknown>;
}

export interface StartCase {
  name: string;
  from?: 'killed' | 'stopped';
  spoil: (folder: string) => Promise<Spoilt>;
  /** What the message must say, the remedy included. */
  says: readonly RegExp[];
}

/** Breaks a file by writing other bytes into it; mending puts the old content back. */
async function spoilFile(file: string, change: (content: Buffer) => Buffer): Promise<Spoilt> {
  const content = await readFile(file);
  const spoilt = change(Buffer.from(content));
  await writeFile(file, spoilt);
  return {
    async check() {
      assert.ok((await readFile(file)).equals(spoilt), 'a refused start leaves a damaged file as it found it');
    },
    mend: () => writeFile(file, content),
  };
}

const pageBytes = 4096;

function overwriteMiddlePage(content: Buffer, page: Buffer): Buffer {
  page.copy(content, Math.floor(content.length / pageBytes / 2) * pageBytes);
  return content;
}

const damaged = [/roster\.db is damaged/, /no more is lost/, /Copy the whole data folder away first/, /newest backup/];

/** Everything that can be wrong with a start, each with what is to be said of it. */
export const startCases: readonly StartCase[] = [
  {
    name: 'a second server on the same data folder',
    async spoil(folder) {
      const first = await startServer({ dataDir: folder });
      return {
        async check() {
          assert.equal((await fetch(`${first.url}/health/ready`)).status, 200, 'the first one goes on');
        },
        mend: () => first.stop(),
      };
    },
    says: [/Another Roster is running on the data folder/, /Stop it first, or .*ROSTER_DATA_DIR/],
  },
  {
    name: 'a database whose header is garbage',
    from: 'stopped',
    spoil: (folder) => spoilFile(join(folder, 'roster.db'), (content) => (randomBytes(100).copy(content), content)),
    says: damaged,
  },
  {
    name: 'a database with a page of garbage in the middle',
    from: 'stopped',
    spoil: (folder) =>
      spoilFile(join(folder, 'roster.db'), (content) => overwriteMiddlePage(content, randomBytes(pageBytes))),
    says: damaged,
  },
  {
    name: 'a database with a page of zeros in the middle',
    from: 'stopped',
    spoil: (folder) =>
      spoilFile(join(folder, 'roster.db'), (content) => overwriteMiddlePage(content, Buffer.alloc(pageBytes))),
    says: damaged,
  },
  {
    name: 'a database that was cut in half',
    from: 'stopped',
    spoil: (folder) =>
      spoilFile(join(folder, 'roster.db'), (content) => content.subarray(0, Math.floor(content.length / 2))),
    says: damaged,
  },
  {
    name: 'another secret key',
    spoil: (folder) => spoilFile(join(folder, 'secret.key'), () => Buffer.from(`${randomBytes(32).toString('hex')}\n`)),
    says: [/secret key is not the one this database was made with/, /Put the right secret\.key back/],
  },
  {
    name: 'a secret key that is none',
    spoil: (folder) => spoilFile(join(folder, 'secret.key'), () => Buffer.from('not a key\n')),
    says: [/secret\.key does not hold a secret key/, /Put the right key back/],
  },
  {
    name: 'no secret key',
    async spoil(folder) {
      await rename(join(folder, 'secret.key'), join(folder, 'elsewhere'));
      return { mend: () => rename(join(folder, 'elsewhere'), join(folder, 'secret.key')) };
    },
    says: [/secret key .*secret\.key is missing/, /Put the key back from where it is kept/],
  },
  {
    name: 'a data folder that is a file',
    async spoil(folder) {
      const file = `${folder}-file`;
      await writeFile(file, 'a file');
      return {
        env: { ROSTER_DATA_DIR: file },
        check: async () => assert.equal(await readFile(file, 'utf8'), 'a file'),
      };
    },
    says: [/data folder .*-file cannot be used/, /name another.* with ROSTER_DATA_DIR/],
  },
  {
    name: 'a port that is taken',
    async spoil() {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      return {
        env: { ROSTER_PORT: String(port) },
        async mend() {
          other.close();
          await once(other, 'close');
        },
      };
    },
    says: [/Port \d+ on 127\.0\.0\.1 is taken by another program/, /Choose another with ROSTER_PORT/],
  },
  {
    name: 'wrong settings, all named at once',
    spoil: async () => ({
      env: {
        ROSTER_PORT: '80800',
        ROSTER_LOG_LEVEL: 'loud',
        ROSTER_BODY_TIMEOUT: 'soon',
        ROSTER_TRUSTED_PROXIES: '10.0.0.0/8, proxy',
        ROSTER_ALLOW_PLAINTEXT: 'yes',
        ROSTER_DOMIAN: 'example.com',
      },
    }),
    says: [
      /The configuration has 6 problems/,
      /ROSTER_PORT=80800: must be a whole number from 0 to 65535/,
      /ROSTER_LOG_LEVEL=loud: must be one of debug, info, warn, error/,
      /ROSTER_BODY_TIMEOUT=soon: must be a number of seconds/,
      /ROSTER_TRUSTED_PROXIES=10\.0\.0\.0\/8, proxy: "proxy" is neither an IP address nor a network/,
      /ROSTER_ALLOW_PLAINTEXT=yes: must be 0 or 1/,
      /ROSTER_DOMIAN is not a setting; did you mean ROSTER_DOMAIN\?/,
      /Correct what is named above and start again/,
    ],
  },
  {
    name: 'a database newer than the program',
    async spoil(folder) {
      changeDatabase(folder, `insert into migrations values (99, 'from the future', 0)`);
      return { mend: async () => changeDatabase(folder, 'delete from migrations where version = 99') };
    },
    says: [/The database has version 99, this program knows versions up to \d+/, /Start the newer Roster/],
  },
  {
    name: 'a listener beyond this machine without TLS',
    spoil: async () => ({ env: { ROSTER_HOST: '0.0.0.0' } }),
    says: [
      /ROSTER_HOST=0\.0\.0\.0 listens beyond this machine without TLS/,
      /Set ROSTER_TLS_CERTIFICATE and ROSTER_TLS_KEY/,
      /put a TLS proxy in front and name its address in ROSTER_TRUSTED_PROXIES/,
      /or set ROSTER_ALLOW_PLAINTEXT=1/,
    ],
  },
];

/** Changes the database of a data folder that no server holds. */
export function changeDatabase(folder: string, text: string): void {
  const database = new Sqlite(join(folder, 'roster.db'));
  database.exec(text);
  database.close();
}
