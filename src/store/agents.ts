import type { AgentRecord } from '../domain/records.ts';
import type { AgentWrites } from '../domain/repositories.ts';
import { firstAgentId } from './operations.ts';
import type { AgentRow, Connection } from './schema.ts';

const findNextId = 'select next_agent_id from counters where operation_id = ?';
const insertAgent = `insert into agents (operation_id, agent_id, dni, name, sso, sso_normalized, enabled,
  password_kind, password_verifier, created_at, updated_at) values (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
  on conflict do nothing`;

export function createAgents(connection: Connection): AgentWrites {
  const { query } = connection;

  return {
    async find(operationId, agentId) {
      const row = await query
        .selectFrom('agents')
        .selectAll()
        .where('operation_id', '=', operationId)
        .where('agent_id', '=', agentId)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async findByDni(operationId, dni) {
      const row = await query
        .selectFrom('agents')
        .selectAll()
        .where('operation_id', '=', operationId)
        .where('dni', '=', dni)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async findBySso(operationId, ssoNormalized) {
      const row = await query
        .selectFrom('agents')
        .selectAll()
        .where('operation_id', '=', operationId)
        .where('sso_normalized', '=', ssoNormalized)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async list(operationId, { after, limit }) {
      const rows = await query
        .selectFrom('agents')
        .selectAll()
        .where('operation_id', '=', operationId)
        .where('agent_id', '>', after)
        .orderBy('agent_id')
        .limit(limit)
        .execute();
      return rows.map((row) => toRecord(row));
    },
    async listByIds(operationId, agentIds) {
      const rows = await query
        .selectFrom('agents')
        .selectAll()
        .where('operation_id', '=', operationId)
        .where('agent_id', 'in', agentIds)
        .orderBy('agent_id')
        .execute();
      return rows.map((row) => toRecord(row));
    },
    async count(operationId) {
      // Ids have no gaps and agents are never removed: the next id tells how many there are, at any size.
      const [row] = await connection.all<{ next_agent_id: number }>(findNextId, [operationId]);
      return row === undefined ? 0 : row.next_agent_id - firstAgentId;
    },
    async insert(operationId, agentId, agent, at) {
      const { dni, name, sso, ssoNormalized, passwordKind, passwordVerifier } = agent;
      const values = [operationId, agentId, dni, name, sso, ssoNormalized, passwordKind, passwordVerifier, at, at];
      return (await connection.run(insertAgent, values)) === 1;
    },
    async update(operationId, agentId, patch, at) {
      const { dni, name, sso, ssoNormalized, passwordKind, passwordVerifier, enabled } = patch;
      await query
        .updateTable('agents')
        .set({
          updated_at: at,
          ...(dni === undefined ? {} : { dni }),
          ...(name === undefined ? {} : { name }),
          ...(sso === undefined ? {} : { sso }),
          ...(ssoNormalized === undefined ? {} : { sso_normalized: ssoNormalized }),
          ...(passwordKind === undefined ? {} : { password_kind: passwordKind }),
          ...(passwordVerifier === undefined ? {} : { password_verifier: passwordVerifier }),
          ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
        })
        .where('operation_id', '=', operationId)
        .where('agent_id', '=', agentId)
        .execute();
    },
  };
}

function toRecord(row: AgentRow): AgentRecord {
  return {
    operationId: row.operation_id,
    agentId: row.agent_id,
    dni: row.dni,
    name: row.name,
    sso: row.sso,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastSignInAt: row.last_sign_in_at,
  };
}
