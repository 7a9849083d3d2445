/** The promises that hold through every fault: what was acknowledged is there once, and nothing else is odd. */
import assert from 'node:assert/strict';
import type { KnownAgent, ListedAgent } from './agents.ts';
import { fitsVerifier, readStored, type Stored } from './stored.ts';

/** Every acknowledged agent is listed exactly once, under its id. */
export function assertListed(listed: readonly ListedAgent[], acknowledged: readonly KnownAgent[]): void {
  const byDni = new Map(listed.map((agent) => [agent.agent_dni, agent.agent_id]));
  assert.equal(byDni.size, listed.length, 'no dni twice');
  const lost = acknowledged.filter(({ dni, agentId }) => byDni.get(dni) !== agentId);
  assert.deepEqual(lost, [], 'every acknowledged agent is there');
}

/**
 * The data folder of a stopped server holds every acknowledged agent once, with its acknowledged password; ids run from
 * 10000 without a gap, no dni is there twice, and each agent has one event that tells of its making.
 */
export function assertKept(dataDir: string, acknowledged: readonly KnownAgent[]): Stored {
  const stored = readStored(dataDir);
  const { agents, events, nextAgentId } = stored;
  const ids = agents.map(({ agentId }) => agentId);
  assert.deepEqual(
    ids,
    ids.map((_, index) => 10_000 + index),
    'ids from 10000 without a gap',
  );
  assert.equal(nextAgentId, 10_000 + agents.length, 'the next id follows the last');
  const byDni = new Map(agents.map((agent) => [agent.dni, agent]));
  assert.equal(byDni.size, agents.length, 'no dni twice');
  const lost = acknowledged.filter(({ dni, agentId, password }) => {
    const agent = byDni.get(dni);
    return agent === undefined || String(agent.agentId) !== agentId || !fitsVerifier(password, agent.verifier);
  });
  assert.deepEqual(lost, [], 'every acknowledged agent is there with its id and its password');
  const told = events.filter(({ action }) => action === 'agent.created').map(({ subject }) => subject);
  assert.deepEqual(told, ids.map(String), 'one event for each agent, in the order of their ids');
  return stored;
}
