import type { IdempotencyRecord } from '../domain/records.ts';
import type { IdempotencyWrites } from '../domain/repositories.ts';
import type { Connection, IdempotencyRow } from './schema.ts';

const findRecord = 'select * from idempotency_records where operation_id = ? and record_id = ? and expires_at > ?';
const deleteEnded = 'delete from idempotency_records where operation_id = ? and record_id = ? and expires_at <= ?';
const deleteSome = `delete from idempotency_records where operation_id = ? and record_id in (
  select record_id from idempotency_records where operation_id = ? and expires_at <= ? order by expires_at limit ?)`;
const insertRecord = `insert into idempotency_records (operation_id, record_id, token_id, request_mac, sealed_password,
  agent_id, expires_at) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`;

export function createIdempotency(connection: Connection): IdempotencyWrites {
  return {
    async find(operationId, recordId, now) {
      const [row] = await connection.all<IdempotencyRow>(findRecord, [operationId, recordId, now]);
      return row && toRecord(row);
    },
    deleteEnded: (operationId, now, limit) => connection.run(deleteSome, [operationId, operationId, now, limit]),
    async insert(record, now) {
      const { operationId, recordId, tokenId, requestMac, sealedPassword, agentId, expiresAt } = record;
      await connection.run(deleteEnded, [operationId, recordId, now]);
      const values = [operationId, recordId, tokenId, requestMac, sealedPassword, agentId, expiresAt];
      return (await connection.run(insertRecord, values)) === 1;
    },
  };
}

function toRecord(row: IdempotencyRow): IdempotencyRecord {
  return {
    operationId: row.operation_id,
    recordId: row.record_id,
    tokenId: row.token_id,
    requestMac: row.request_mac,
    sealedPassword: row.sealed_password,
    agentId: row.agent_id,
    expiresAt: row.expires_at,
  };
}
