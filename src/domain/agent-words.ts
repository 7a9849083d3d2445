/**
 * The words by which an agent is found: its id, its dni, and those of its name and network user, without case and accents.
 * They are written soon after the agent, many at a time, so that a create is not slowed; a search reads those agents whose
 * words are not written yet as they are.
 */
import type { AgentRecord } from './records.ts';
import type { Transaction } from './repositories.ts';

const longestWord = 40;
/** Agents whose words one transaction writes. */
const batch = 250;

/** `Ana María (Bogotá)` → `ana`, `maria`, `bogota`. */
export function splitWords(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])].map((word) => word.slice(0, longestWord));
}

/** Every word of an agent, each once. */
export function wordsOf(agent: Pick<AgentRecord, 'agentId' | 'dni' | 'name' | 'sso'>): string[] {
  const { agentId, dni, name, sso } = agent;
  return [...new Set([String(agentId), ...splitWords(`${dni} ${name} ${sso ?? ''}`)])];
}

/** Whether each of the searched words begins one of the agent's. */
export function hasWords(agent: AgentRecord, searched: readonly string[]): boolean {
  const words = wordsOf(agent);
  return searched.every((prefix) => words.some((word) => word.startsWith(prefix)));
}

/** Writes the words of the next agents; says whether there are more. */
export async function applyIndexAgents(tx: Transaction, { operationId }: { operationId: string }): Promise<boolean> {
  const until = await tx.words.findUntil(operationId);
  const agents = await tx.agents.list(operationId, { after: until, limit: batch });
  for (const agent of agents) await tx.words.insert(operationId, agent.agentId, wordsOf(agent));
  const last = agents.at(-1);
  if (last !== undefined) await tx.words.setUntil(operationId, last.agentId);
  return agents.length === batch;
}

/** Brings an edited agent's words up to date, where they have been written. */
export async function replaceWords(tx: Transaction, before: AgentRecord, after: AgentRecord): Promise<void> {
  const { operationId, agentId } = before;
  if (agentId > (await tx.words.findUntil(operationId))) return;
  const old = wordsOf(before);
  const renewed = wordsOf(after);
  await tx.words.delete(
    operationId,
    agentId,
    old.filter((word) => !renewed.includes(word)),
  );
  await tx.words.insert(
    operationId,
    agentId,
    renewed.filter((word) => !old.includes(word)),
  );
}
