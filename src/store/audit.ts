import type { AuditEvent } from '../domain/records.ts';
import type { AuditWrites, CounterWrites } from '../domain/repositories.ts';
import type { AuditRow, Connection, CounterRow } from './schema.ts';

const insertEvent = `insert into audit_events (operation_id, seq, occurred_at, actor, action, subject, outcome,
  request_id, address, details, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const deleteEvents = 'delete from audit_events where operation_id = ? and seq <= ?';
const setAuditBase = 'update counters set audit_base_seq = ?, audit_base_hash = ? where operation_id = ?';
const takeCounters = `update counters set next_agent_id = next_agent_id + ?, audit_seq = audit_seq + ?
  where operation_id = ? returning next_agent_id, audit_seq, audit_hash`;
const setAuditHash = 'update counters set audit_hash = ? where operation_id = ?';

export function createAudit(connection: Connection): AuditWrites {
  const { query } = connection;
  return {
    async list(operationId, { after, limit }) {
      const rows = await query
        .selectFrom('audit_events')
        .selectAll()
        .where('operation_id', '=', operationId)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => toEvent(row));
    },
    async listNewest(operationId, { before, limit }) {
      const rows = await query
        .selectFrom('audit_events')
        .selectAll()
        .where('operation_id', '=', operationId)
        .$if(before !== null, (select) => select.where('seq', '<', before))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => toEvent(row));
    },
    async findHead(operationId) {
      const row = await query
        .selectFrom('counters')
        .select(['audit_seq', 'audit_hash'])
        .where('operation_id', '=', operationId)
        .executeTakeFirst();
      return row && { seq: row.audit_seq, hash: row.audit_hash };
    },
    async findBase(operationId) {
      const row = await query
        .selectFrom('counters')
        .select(['audit_base_seq', 'audit_base_hash'])
        .where('operation_id', '=', operationId)
        .executeTakeFirst();
      return row && { seq: row.audit_base_seq, hash: row.audit_base_hash };
    },
    async trim(operationId, { seq, hash }) {
      await connection.run(deleteEvents, [operationId, seq]);
      await connection.run(setAuditBase, [seq, hash, operationId]);
    },
    async insert(event) {
      const { operationId, seq, occurredAt, actor, action, subject, outcome, requestId, address, details, hash } =
        event;
      const facts = [occurredAt, actor, action, subject, outcome, requestId, address, details, hash];
      await connection.run(insertEvent, [operationId, seq, ...facts]);
    },
  };
}

export function createCounters(connection: Connection): CounterWrites {
  return {
    async take(operationId, { agentIds, auditEvents }) {
      const [row] = await connection.all<CounterRow>(takeCounters, [agentIds, auditEvents, operationId]);
      return (
        row && {
          agentId: row.next_agent_id - agentIds,
          auditSeq: row.audit_seq - auditEvents + 1,
          auditHash: row.audit_hash,
        }
      );
    },
    async setAuditHash(operationId, hash) {
      await connection.run(setAuditHash, [hash, operationId]);
    },
  };
}

function toEvent(row: AuditRow): AuditEvent {
  return {
    operationId: row.operation_id,
    seq: row.seq,
    occurredAt: row.occurred_at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    outcome: row.outcome,
    requestId: row.request_id,
    address: row.address,
    details: row.details,
    hash: row.hash,
  };
}
