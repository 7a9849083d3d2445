/** The table of apis: what answers each, and how it is described. */
import { createAgentApi } from './create-agent.ts';
import { editAgentApi } from './edit-agent.ts';
import type { Api } from './exchange.ts';
import { listAgentsApi } from './list-agents.ts';
import { disableAgentApi, enableAgentApi } from './set-agent-enabled.ts';
import {
  type ApiShape,
  createAgentShape,
  disableAgentShape,
  editAgentShape,
  enableAgentShape,
  listAgentsShape,
  tokenInfoShape,
} from './shapes.ts';
import { showTokenInfoApi } from './show-token-info.ts';

/** An entry of the table. */
export type DescribedApi = Api & { shape: ApiShape };

/** Every api there is. */
export const apis: readonly DescribedApi[] = [
  { ...createAgentApi, shape: createAgentShape },
  { ...editAgentApi, shape: editAgentShape },
  { ...enableAgentApi, shape: enableAgentShape },
  { ...disableAgentApi, shape: disableAgentShape },
  { ...listAgentsApi, shape: listAgentsShape },
  { ...showTokenInfoApi, shape: tokenInfoShape },
];
