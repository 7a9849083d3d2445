import type { OperationRecord } from '../domain/records.ts';
import type { OperationWrites } from '../domain/repositories.ts';
import type { Connection, OperationRow } from './schema.ts';

/** The id of an operation's first agent. */
export const firstAgentId = 10_000;
const findOperation = 'select * from operations where operation_id = ?';

export function createOperations(connection: Connection): OperationWrites {
  const { query } = connection;

  return {
    async find(operationId) {
      const [row] = await connection.all<OperationRow>(findOperation, [operationId]);
      return row && toRecord(row);
    },
    async list() {
      const rows = await query.selectFrom('operations').selectAll().orderBy('operation_id').execute();
      return rows.map((row) => toRecord(row));
    },
    async insert(operation) {
      const result = await query
        .insertInto('operations')
        .values({
          operation_id: operation.operationId,
          name: operation.name,
          time_zone: operation.timeZone,
          unknown_fields: operation.unknownFields,
          assigned_password_length: operation.assignedPasswordLength,
          created_at: operation.createdAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (result.numInsertedOrUpdatedRows !== 1n) return false;
      await query
        .insertInto('counters')
        .values({
          operation_id: operation.operationId,
          next_agent_id: firstAgentId,
          audit_seq: 0,
          audit_hash: '',
          audit_base_seq: 0,
          audit_base_hash: '',
          words_until: 0,
        })
        .execute();
      return true;
    },
    async update(operationId, { name, timeZone, unknownFields, assignedPasswordLength }) {
      await query
        .updateTable('operations')
        .set({
          ...(name === undefined ? {} : { name }),
          ...(timeZone === undefined ? {} : { time_zone: timeZone }),
          ...(unknownFields === undefined ? {} : { unknown_fields: unknownFields }),
          ...(assignedPasswordLength === undefined ? {} : { assigned_password_length: assignedPasswordLength }),
        })
        .where('operation_id', '=', operationId)
        .execute();
    },
  };
}

function toRecord(row: OperationRow): OperationRecord {
  return {
    operationId: row.operation_id,
    name: row.name,
    timeZone: row.time_zone,
    unknownFields: row.unknown_fields,
    assignedPasswordLength: row.assigned_password_length,
    createdAt: row.created_at,
  };
}
