import type { TokenRecord } from '../domain/records.ts';
import { openSqliteFile } from './sqlite-connection.ts';
import { type TokenRow } from './schema.ts';
import { toTokenRecord } from './tokens.ts';

/** Reads one token straight from a database file, with or without a server on it. */
export function findStoredToken(file: string, operationId: string, tokenId: string): TokenRecord | undefined {
  const database = openSqliteFile(file, { readonly: true, cacheMegabytes: 1 });
  try {
    const row = database
      .prepare('select * from tokens where operation_id = ? and token_id = ?')
      .get(operationId, tokenId);
    return row === undefined ? undefined : toTokenRecord(row as TokenRow);
  } finally {
    database.close();
  }
}
