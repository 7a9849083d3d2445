import type { Reads } from '../domain/repositories.ts';
import { translateSqliteError } from './sqlite-connection.ts';

type Read = (...args: unknown[]) => Promise<unknown>;

/** The same reads, whose failures mean what the domain's errors mean. */
export function translateErrors({ agents, words, operations, tokens, usage, idempotency, audit }: Reads): Reads {
  return {
    agents: translateGroup(agents),
    words: translateGroup(words),
    operations: translateGroup(operations),
    tokens: translateGroup(tokens),
    usage: translateGroup(usage),
    idempotency: translateGroup(idempotency),
    audit: translateGroup(audit),
  };
}

function translateGroup<Group extends object>(group: Group): Group {
  const translated = Object.entries(group).map(([name, read]: [string, Read]) => [name, translateRead(read)]);
  return Object.fromEntries(translated) as Group;
}

function translateRead(read: Read): Read {
  return async (...args) => {
    try {
      return await read(...args);
    } catch (error) {
      throw translateSqliteError(error);
    }
  };
}
