import type { UsageWrites } from '../domain/repositories.ts';
import type { Connection } from './schema.ts';

const addUses = `insert into token_usage (operation_id, token_id, day, uses) values (?, ?, ?, ?)
  on conflict (operation_id, token_id, day) do update set uses = token_usage.uses + excluded.uses`;
const deleteDays = 'delete from token_usage where operation_id = ? and day < ?';
const addUseWithin = `${addUses} where token_usage.uses < ?`;

export function createUsage(connection: Connection): UsageWrites {
  return {
    async listForDay(operationId, day) {
      const rows = await connection.query
        .selectFrom('token_usage')
        .select(['token_id', 'uses'])
        .where('operation_id', '=', operationId)
        .where('day', '=', day)
        .execute();
      return rows.map((row) => ({ tokenId: row.token_id, uses: row.uses }));
    },
    async add(operationId, tokenId, day, uses) {
      await connection.run(addUses, [operationId, tokenId, day, uses]);
    },
    async deleteBefore(operationId, day) {
      await connection.run(deleteDays, [operationId, day]);
    },
    async addWithin(operationId, tokenId, day, limit) {
      return (await connection.run(addUseWithin, [operationId, tokenId, day, 1, limit])) === 1;
    },
  };
}
