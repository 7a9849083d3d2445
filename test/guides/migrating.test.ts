/** The commands of the migration guide, run from one server to another. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { listAgents } from '../support/agents.ts';
import { callApi, paths } from '../support/ask.ts';
import { cleanEnv, startServer } from '../support/server.ts';

const docs = resolve(import.meta.dirname, '../../docs');

test('the agents of one server are created on another, the disabled ones disabled', async (context) => {
  const [old, fresh] = await Promise.all([startServer(), startServer()]);
  context.after(() => Promise.all([old.remove(), fresh.remove()]));
  const people = [
    { agent_dni: '10', agent_name: 'Ana Gómez', agent_sso: 'ana.gomez' },
    { agent_dni: '0010', agent_name: 'Díaz, "Lu" Luis' },
    { agent_dni: '20', agent_name: 'Zoë Ruiz', agent_sso: 'zoe' },
  ];
  for (const person of people) await callApi(old.port, old.token, paths.create, person);
  await callApi(old.port, old.token, paths.disable, { agent_id: '10001' });
  // On the new server the ids are others.
  await callApi(fresh.port, fresh.token, paths.create, { agent_dni: '5', agent_name: 'Luz Rojas' });

  const guide = readFileSync(join(docs, 'guides/migrating-from-wolkvox.md'), 'utf8');
  const blocks = [...guide.matchAll(/^<!-- runs -->\n\n```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  assert.equal(blocks.length, 3);
  for (const file of ['create_agents.py', 'roster.py']) {
    cpSync(join(docs, 'recipes/files', file), join(fresh.dataDir, file));
  }
  const env = cleanEnv({
    PYTHONDONTWRITEBYTECODE: '1',
    OLD_URL: old.url,
    OLD_TOKEN: old.token,
    ROSTER_URL: fresh.url,
    ROSTER_TOKEN: fresh.token,
  });
  await promisify(execFile)('bash', ['-euc', blocks.join('\n')], { cwd: fresh.dataDir, env });

  const summary = (await listAgents(fresh.port, fresh.token)).map((agent) => {
    const { agent_id: id, agent_dni: dni, agent_name: name, enabled } = agent;
    return [id, dni, name, enabled].join(' ');
  });
  assert.deepEqual(summary, [
    '10000 5 Luz Rojas yes',
    '10001 10 Ana Gómez yes',
    '10002 0010 Díaz, "Lu" Luis no',
    '10003 20 Zoë Ruiz yes',
  ]);
});
