/** Every migration, oldest first. A migration that has been released is never edited. */
import * as firstTables from './0001-first-tables.ts';
import * as auditBase from './0002-audit-base.ts';
import * as agentWords from './0003-agent-words.ts';

export interface Migration {
  name: string;
  /** One statement each. */
  statements: readonly string[];
}

export const migrations: readonly Migration[] = [firstTables, auditBase, agentWords];
