import { makeEnabledCommand } from './agent-enabled.ts';

export const agentEnable = makeEnabledCommand('enable');
