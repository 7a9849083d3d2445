/** The recipes of `docs/recipes/`, each run against the server that ships, and shown as they are. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type ListedAgent, listAgents, readEnvelope, waitUntilBusy } from '../support/agents.ts';
import { newDni } from '../support/ask.ts';
import { configurationRequest, openConnection } from '../support/http-connection.ts';
import { cleanEnv, startServer, type TestServer } from '../support/server.ts';
import { type Mishap, startUnreliableProxy } from '../support/unreliable-proxy.ts';

const folder = resolve(import.meta.dirname, '../../docs/recipes');

interface Recipe {
  language: string;
  program: string;
  manage: string;
  create: string;
  host: string;
  /** Rows of the file of agents: starting programs for each row takes its time. */
  rows: number;
  readsQuotedCells: boolean;
}

const local = { host: '127.0.0.1', rows: 300, readsQuotedCells: true };
const recipes: readonly Recipe[] = [
  {
    language: 'curl',
    program: 'bash',
    manage: 'manage-agents.sh',
    create: 'create-agents.sh',
    host: 'wv0001.localhost',
    rows: 20,
    readsQuotedCells: false,
  },
  {
    ...local,
    language: 'PHP',
    program: 'php',
    manage: 'manage-agents.php',
    create: 'create-agents.php',
    host: 'wv0001.localhost',
  },
  { ...local, language: 'Python', program: 'python3', manage: 'manage_agents.py', create: 'create_agents.py' },
  { ...local, language: 'Node', program: process.execPath, manage: 'manage-agents.mjs', create: 'create-agents.mjs' },
  { ...local, language: 'PowerShell', program: 'pwsh', manage: 'manage-agents.ps1', create: 'create-agents.ps1' },
];

interface Run {
  code: number | null;
  out: string;
  err: string;
}

let server: TestServer;
before(async () => void (server = await startServer()));
after(() => server.remove());

async function run(program: string, args: readonly string[], env: Record<string, string>): Promise<Run> {
  const all = cleanEnv({ PYTHONDONTWRITEBYTECODE: '1', ...env });
  const child = spawn(program, args, { cwd: server.dataDir, env: all, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

function runRecipe(
  { program, host }: Recipe,
  file: string,
  args: readonly string[],
  options: { token: string; port?: number },
): Promise<Run> {
  const { token, port = server.port } = options;
  const env = { ROSTER_URL: `http://${host}:${port}`, ROSTER_TOKEN: token };
  return run(program, [join(folder, 'files', file), ...args], env);
}

async function createToken(settings: object = {}): Promise<string> {
  return (await server.admin.createToken('0001', settings)).token;
}

async function findAgents(dnis: readonly string[]): Promise<ListedAgent[]> {
  const agents = await listAgents(server.port, server.token);
  return agents.filter(({ agent_dni: dni }) => dnis.includes(dni));
}

function failure(status: number, retryAfter: string | undefined, error: string, msg: string): Mishap {
  return {
    status,
    headers: { 'content-type': 'application/json', ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) },
    body: JSON.stringify({ code: status, error, msg, details: [] }),
  };
}

const passingTroubles: readonly Mishap[] = [
  'lost',
  { status: 502, body: '<html>Bad Gateway</html>' },
  failure(409, '1', 'CONFLICT', 'THE FIRST REQUEST WITH THIS IDEMPOTENCY-KEY IS STILL RUNNING'),
  failure(403, '1', 'FORBIDDEN', 'EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS PER TOKEN (1)'),
  failure(503, '1', 'SERVICE UNAVAILABLE', 'TRY AGAIN LATER'),
];

/** The cells of the file of created agents below its first line, none of which a test has quoted. */
function readCreated(file: string): string[][] {
  const [, ...lines] = readFileSync(file, 'utf8').replaceAll('"', '').trimEnd().split(/\r?\n/);
  return lines.map((line) => line.split(','));
}

// They wait more than they work.
describe('the programs', { concurrency: recipes.length }, () => {
  for (const recipe of recipes) {
    const isThere = spawnSync(recipe.program, ['--version'], { stdio: 'ignore' }).status === 0;
    const skip = isThere || recipe.program !== 'pwsh' ? false : 'there is no PowerShell here';
    describe(recipe.language, { skip }, () => {
      test('creates, edits, disables and lists, through every passing trouble', async () => {
        const proxy = await startUnreliableProxy(server.port, passingTroubles);
        const token = await createToken();
        const dni = newDni();
        const ended = await runRecipe(recipe, recipe.manage, [dni, 'Ana Gómez'], { token, port: proxy.port });
        await proxy.close();
        assert.equal(ended.code, 0, ended.err);

        const [agent, ...others] = await findAgents([dni]);
        assert.equal(others.length, 0);
        assert.equal(agent?.agent_name, 'Ana Gómez (edited)');
        assert.equal(agent.enabled, 'no');
        const first = readEnvelope({ status: 201, head: '', body: proxy.lost[0] ?? '' }).data?.[0];
        const [created, now, all] = ended.out.trimEnd().split(/\r?\n/);
        assert.equal(created, `created ${agent.agent_id} with the password ${first?.['password']}`);
        assert.equal(now, 'now: Ana Gómez (edited), enabled: no');
        assert.match(all ?? '', /^[1-9]\d* agents in all$/);
      });

      test('waits where the token is in use', async () => {
        const token = await createToken();
        const dni = newDni();
        const holder = await openConnection(server.port);
        const request = configurationRequest({ token, api: 'disable_agent', method: 'PUT', body: '{"agent_id": "1"}' });
        const answered = holder.send(request.slice(0, -1));
        await waitUntilBusy(server.port, token);
        const ending = runRecipe(recipe, recipe.manage, [dni, 'Luis Díaz'], { token });
        await pause(1000);
        holder.socket.write(request.slice(-1));
        assert.equal((await answered).status, 404);
        holder.close();
        assert.equal((await ending).code, 0, (await ending).err);
        assert.equal((await findAgents([dni])).length, 1);
      });

      test('ends at once where a repeat does not help', async () => {
        const proxy = await startUnreliableProxy(server.port, []);
        const token = await createToken({ scopes: ['agents:read'] });
        const dni = newDni();
        const ended = await runRecipe(recipe, recipe.manage, [dni, 'Luis Díaz'], { token, port: proxy.port });
        await proxy.close();
        assert.notEqual(ended.code, 0);
        assert.match(ended.err, /THE TOKEN DOES NOT ALLOW THIS API/);
        assert.equal(proxy.count(), 1);
        assert.deepEqual(await findAgents([dni]), []);
      });

      test("does not wait for a token's next day", async () => {
        const mishap = failure(403, '3600', 'FORBIDDEN', 'TOKEN LIMIT EXCEEDED');
        const proxy = await startUnreliableProxy(server.port, [mishap]);
        const ended = await runRecipe(recipe, recipe.manage, [newDni(), 'Luis Díaz'], {
          token: await createToken(),
          port: proxy.port,
        });
        await proxy.close();
        assert.notEqual(ended.code, 0);
        assert.match(ended.err, /TOKEN LIMIT EXCEEDED/);
        assert.equal(proxy.count(), 1);
      });

      test(`creates ${recipe.rows} agents from a file, and goes on after a break`, async () => {
        const source = join(server.dataDir, `${recipe.language}.csv`);
        const target = join(server.dataDir, `${recipe.language}-created.csv`);
        const dnis = Array.from({ length: recipe.rows }, () => newDni());
        const nameOf = (dni: string): string => (recipe.readsQuotedCells ? `Gómez, "Ana" ${dni}` : `Ana Gómez ${dni}`);
        const cell = (text: string): string => (text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text);
        const lines = dnis.map((dni, index) => `${dni},${cell(nameOf(dni))},${index % 2 === 0 ? `sso-${dni}` : ''}`);
        // A row that is refused, in the middle: its network user is the first row's.
        lines.splice(3, 0, `${newDni()},Zoë Ruiz,SSO-${dnis[0]}`);
        writeFileSync(source, `\uFEFFagent_dni,agent_name,agent_sso\r\n${lines.join('\r\n')}\r\n`);
        const token = await createToken();
        // The answer to the second row is lost.
        const proxy = await startUnreliableProxy(server.port, [{ status: 503, body: '' }, 'lost']);
        const first = await runRecipe(recipe, recipe.create, [source, target], { token, port: proxy.port });
        await proxy.close();

        assert.match(first.out, new RegExp(`^${recipe.rows} agents are in .*, 1 rows were refused`));
        assert.match(first.err, /agent_sso/);
        assert.equal(first.code, 1);
        if (recipe.language !== 'PowerShell') assert.equal(statSync(target).mode & 0o777, 0o600);
        const created = readCreated(target);
        const agents = await findAgents(dnis);
        assert.deepEqual(
          created.map(([dni, agentId]) => [dni, agentId, nameOf(dni ?? '')]),
          agents.map((agent) => [agent.agent_dni, agent.agent_id, agent.agent_name]),
        );
        assert.deepEqual(
          created.map(([dni]) => dni),
          dnis,
        );

        // As after a crash: the last answers have arrived, but were not written.
        const text = readFileSync(target, 'utf8');
        writeFileSync(target, text.split('\n').slice(0, -6).join('\n') + '\n');
        assert.equal(readCreated(target).length, recipe.rows - 5);
        const second = await runRecipe(recipe, recipe.create, [source, target], { token });
        assert.equal(second.code, 1, second.err);
        assert.deepEqual(readCreated(target), created, 'the same ids and the same passwords');
        assert.equal((await findAgents(dnis)).length, recipe.rows);
      });
    });
  }
});

interface Block {
  document: string;
  /** What the comment above the block says of it. */
  note: string;
  text: string;
}

function readBlocks(document: string): Block[] {
  const text = readFileSync(join(folder, document), 'utf8');
  return [...text.matchAll(/^<!-- (.+) -->\n\n?```\w*\n([\s\S]*?)^```$/gm)].map(([, note = '', block = '']) => ({
    document,
    note,
    text: block,
  }));
}

const documents = globSync('*.md', { cwd: folder }).toSorted();

test('the documents show every program as it is', () => {
  const shown = documents.flatMap(readBlocks).filter(({ note }) => note.startsWith('files/'));
  for (const { document, note, text } of shown) {
    assert.equal(text, readFileSync(join(folder, note), 'utf8'), `${document}, ${note}: not the text of the file`);
  }
  assert.deepEqual(
    shown.map(({ note }) => basename(note)).toSorted(),
    globSync('files/*.*', { cwd: folder })
      .map((path) => basename(path))
      .toSorted(),
  );
});

test('the commands of curl.md run', async () => {
  const commands = readBlocks('curl.md').filter(({ note }) => note === 'runs');
  assert.ok(commands.length >= 5, `${commands.length} blocks`);
  const script = `set -eu\n${commands.map(({ text }) => text).join('\n')}`;
  const env = { ROSTER_URL: `http://wv0001.localhost:${server.port}`, ROSTER_TOKEN: await createToken() };
  const { code, out, err } = await run('bash', ['-c', script], env);
  assert.equal(code, 0, err);
  const codes = [...out.matchAll(/"code":"?(\d+)/g)].map(([, number]) => number);
  assert.deepEqual(codes, ['201', '201', '202', '202', '202', '200', '200', '200']);
  assert.match(out, /idempotency-replayed: true/);
  const [agent, ...others] = await findAgents(['1020304050']);
  assert.equal(others.length, 0);
  assert.equal(agent?.enabled, 'yes');
  assert.equal(agent.agent_name, 'Ana Gómez Ruiz');
});
