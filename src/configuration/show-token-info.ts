import { readTokenInfo } from '../domain/token-info.ts';
import type { Api } from './exchange.ts';

export const showTokenInfoApi: Api = {
  group: 'information',
  name: 'token_info',
  method: 'GET',
  scope: null,
  answer({ ctx, operation, token }, use) {
    return use(async () => {
      const info = await readTokenInfo(ctx.services.usage, operation, token);
      const row = {
        description: info.description,
        token_limit: String(info.dailyLimit ?? 'unlimited'),
        token_use_today: String(info.usedToday),
        all_token_today: String(info.usedTodayByAll),
        available_consumption_options: String(info.available ?? 'unlimited'),
      };
      return { status: 200, code: '200', msg: '1 records were found', data: [row] };
    });
  },
};
