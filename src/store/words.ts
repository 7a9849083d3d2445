import type { WordWrites } from '../domain/repositories.ts';
import type { Connection } from './schema.ts';

// A range, not LIKE: every database answers it from the primary key. U+10FFFF sorts behind all that a word can hold.
const countPrefix = `select count(*) as agents from (
  select 1 from agent_words where operation_id = ? and word >= ? and word < ? limit ?) as found`;
const listPrefix = `select agent_id from agent_words where operation_id = ? and word >= ? and word < ?
  order by word, agent_id limit ?`;
const findUntil = 'select words_until from counters where operation_id = ?';
const setUntil = 'update counters set words_until = ? where operation_id = ?';
const insertWord = 'insert into agent_words (operation_id, word, agent_id) values (?, ?, ?) on conflict do nothing';
const deleteWord = 'delete from agent_words where operation_id = ? and word = ? and agent_id = ?';
const lastCharacter = '\u{10FFFF}';

export function createWords(connection: Connection): WordWrites {
  return {
    async countAgents(operationId, prefix, limit) {
      const range = [operationId, prefix, prefix + lastCharacter, limit];
      const [row] = await connection.all<{ agents: number }>(countPrefix, range);
      return row?.agents ?? 0;
    },
    async listAgentIds(operationId, prefix, limit) {
      const range = [operationId, prefix, prefix + lastCharacter, limit];
      const rows = await connection.all<{ agent_id: number }>(listPrefix, range);
      return rows.map((row) => row.agent_id);
    },
    async findUntil(operationId) {
      const [row] = await connection.all<{ words_until: number }>(findUntil, [operationId]);
      return row?.words_until ?? 0;
    },
    async insert(operationId, agentId, words) {
      for (const word of words) await connection.run(insertWord, [operationId, word, agentId]);
    },
    async delete(operationId, agentId, words) {
      for (const word of words) await connection.run(deleteWord, [operationId, word, agentId]);
    },
    async setUntil(operationId, agentId) {
      await connection.run(setUntil, [agentId, operationId]);
    },
  };
}
