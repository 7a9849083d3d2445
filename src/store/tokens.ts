import type { TokenRecord, TokenScope } from '../domain/records.ts';
import type { TokenWrites } from '../domain/repositories.ts';
import type { Connection, TokenRow } from './schema.ts';

const findToken = 'select * from tokens where operation_id = ? and token_id = ?';

export function createTokens(connection: Connection): TokenWrites {
  const { query } = connection;

  async function update(operationId: string, tokenId: string, change: Partial<TokenRow>): Promise<void> {
    await query
      .updateTable('tokens')
      .set(change)
      .where('operation_id', '=', operationId)
      .where('token_id', '=', tokenId)
      .execute();
  }

  return {
    async find(operationId, tokenId) {
      const [row] = await connection.all<TokenRow>(findToken, [operationId, tokenId]);
      return row && toTokenRecord(row);
    },
    async list(operationId) {
      const rows = await query
        .selectFrom('tokens')
        .selectAll()
        .where('operation_id', '=', operationId)
        .orderBy('created_at')
        .orderBy('token_id')
        .execute();
      return rows.map((row) => toTokenRecord(row));
    },
    async insert(token) {
      await query.insertInto('tokens').values(toRow(token)).execute();
    },
    setExpiry: (operationId, tokenId, expiresAt) => update(operationId, tokenId, { expires_at: expiresAt }),
    setRevoked: (operationId, tokenId, revokedAt) => update(operationId, tokenId, { revoked_at: revokedAt }),
    setLastUsed: (operationId, tokenId, lastUsedAt) => update(operationId, tokenId, { last_used_at: lastUsedAt }),
  };
}

function splitWords(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

export function toTokenRecord(row: TokenRow): TokenRecord {
  return {
    operationId: row.operation_id,
    tokenId: row.token_id,
    secretHash: row.secret_hash,
    description: row.description,
    scopes: splitWords(row.scopes) as TokenScope[],
    simultaneousLimit: row.simultaneous_limit,
    dailyLimit: row.daily_limit,
    expiresAt: row.expires_at,
    allowedNetworks: splitWords(row.allowed_networks),
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    rotatedFrom: row.rotated_from,
    lastUsedAt: row.last_used_at,
  };
}

function toRow(token: TokenRecord): TokenRow {
  return {
    operation_id: token.operationId,
    token_id: token.tokenId,
    secret_hash: token.secretHash,
    description: token.description,
    scopes: token.scopes.join(' '),
    simultaneous_limit: token.simultaneousLimit,
    daily_limit: token.dailyLimit,
    expires_at: token.expiresAt,
    allowed_networks: token.allowedNetworks.join(' '),
    created_at: token.createdAt,
    revoked_at: token.revokedAt,
    rotated_from: token.rotatedFrom,
    last_used_at: token.lastUsedAt,
  };
}
