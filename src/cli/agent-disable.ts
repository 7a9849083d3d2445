import { makeEnabledCommand } from './agent-enabled.ts';

export const agentDisable = makeEnabledCommand('disable');
