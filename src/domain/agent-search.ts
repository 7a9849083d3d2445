/** Finding agents in a large operation: by words, by state, a page at a time, without holding up anybody. */
import { hasWords, splitWords } from './agent-words.ts';
import type { Context } from './context.ts';
import { requirePermission } from './principal.ts';
import type { AgentRecord } from './records.ts';

export interface AgentSearch {
  /** Words, each of which must begin a word of the agent. */
  text: string;
  /** Undefined: enabled or not. */
  enabled?: boolean | undefined;
  limit: number;
}

export interface FoundAgents {
  agents: AgentRecord[];
  /** Whether there may be more than were looked at. */
  more: boolean;
}

const maxWords = 6;
/** Agents of the rarest word that are looked at; a search that would need more should say more. */
const maxCandidates = 2000;
/** Agents read at a time. */
const chunk = 250;
/** Agents without words that are looked at: many creates a second may be ahead of their words for a while. */
const maxTail = 10_000;

/**
 * Agents that have all the words, in the order of ids among those looked at. The rarest word leads: its agents are read
 * and the others compared. Throws `permission_denied`.
 */
export async function searchAgents(ctx: Context, { text, enabled, limit }: AgentSearch): Promise<FoundAgents> {
  requirePermission(ctx.principal, 'agents:read', ctx.operationId);
  const { operationId, services } = ctx;
  const { agents: reads, words: index } = services.store.read;
  const words = splitWords(text).slice(0, maxWords);
  if (words.length === 0) return { agents: [], more: false };
  const matches = (agent: AgentRecord): boolean =>
    hasWords(agent, words) && (enabled === undefined || agent.enabled === enabled);
  const lead = await findRarest(ctx, words);
  const ids = [...new Set(await index.listAgentIds(operationId, lead, maxCandidates))].toSorted((a, b) => a - b);
  const found: AgentRecord[] = [];
  for (let start = 0; start < ids.length && found.length <= limit; start += chunk) {
    const page = await reads.listByIds(operationId, ids.slice(start, start + chunk));
    found.push(...page.filter((agent) => matches(agent)));
    await services.yieldTurn();
  }
  // The newest agents may have no words yet.
  let after = await index.findUntil(operationId);
  let tail = 0;
  while (found.length <= limit && tail < maxTail) {
    const page = await reads.list(operationId, { after, limit: chunk });
    found.push(...page.filter((agent) => matches(agent)));
    if (page.length < chunk) break;
    after = page.at(-1)?.agentId ?? after;
    tail += page.length;
    await services.yieldTurn();
  }
  const distinct = [...new Map(found.map((agent) => [agent.agentId, agent])).values()];
  return {
    agents: distinct.slice(0, limit),
    more: distinct.length > limit || ids.length >= maxCandidates || tail >= maxTail,
  };
}

async function findRarest({ operationId, services }: Context, words: readonly string[]): Promise<string> {
  const counts = await Promise.all(
    words.map(async (word) => ({
      word,
      agents: await services.store.read.words.countAgents(operationId, word, maxCandidates),
    })),
  );
  return (
    counts.toSorted((left, right) => left.agents - right.agents || right.word.length - left.word.length)[0]?.word ?? ''
  );
}
