/** What a token may use today, and has used. */
import type { OperationRecord, TokenRecord } from './records.ts';
import type { UsageCounter } from './usage.ts';

export interface TokenInfo {
  description: string;
  dailyLimit: number | null;
  /** Uses of this token today, in the operation's time zone. */
  usedToday: number;
  /** Uses of all tokens of the operation today. */
  usedTodayByAll: number;
  /** What is left today; null: no limit. */
  available: number | null;
}

export async function readTokenInfo(
  usage: UsageCounter,
  operation: OperationRecord,
  token: TokenRecord,
): Promise<TokenInfo> {
  const uses = await usage.today(operation);
  const usedToday = uses.get(token.tokenId) ?? 0;
  const { description, dailyLimit } = token;
  return {
    description,
    dailyLimit,
    usedToday,
    usedTodayByAll: [...uses.values()].reduce((sum, count) => sum + count, 0),
    available: dailyLimit === null ? null : Math.max(0, dailyLimit - usedToday),
  };
}
