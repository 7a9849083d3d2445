/** What may be done with agents. Every door ends here. */
import { type AgentChanges, type NewAgentFields, parseAgentId, ssoColumns } from './agent-fields.ts';
import { findConflicts } from './agent-transactions.ts';
import { drawAssignedPassword, hashAssignedPassword, isFastVerifierSound } from './assigned-password.ts';
import { type Context, originOf } from './context.ts';
import { DomainError } from './errors.ts';
import { describeClaim, type FirstAnswer, type IdempotentRequest, replay } from './idempotency.ts';
import { requirePermission } from './principal.ts';
import type { AgentRecord, OperationRecord, PasswordKind } from './records.ts';
import type { AgentPatch } from './repositories.ts';

const saltLength = 16;

export interface CreatedAgent extends FirstAnswer {
  /** True when this is the answer of an earlier request under the same key. */
  replayed: boolean;
}

/**
 * Creates an agent. The promise settles when it is on disk; the password is told here and never again.
 *
 * @param request present when the request carried an idempotency key that it holds
 * @throws `permission_denied`, `agent_conflict`, `unavailable`; `idempotency_mismatch` when the key's first request won
 *   the race and was another
 */
export async function createAgent(
  ctx: Context,
  operation: OperationRecord,
  fields: NewAgentFields,
  request?: IdempotentRequest,
): Promise<CreatedAgent> {
  requirePermission(ctx.principal, 'agents:create', ctx.operationId);
  const { store, metrics, indexer } = ctx.services;
  const { operationId } = operation;
  const sso = ssoColumns(fields.sso);
  if (fields.password !== null) await refuseConflicts(ctx, { dni: fields.dni, ...sso });
  const password = await makePassword(ctx, operation, fields.password);
  const outcome = await store.transact('createAgent', {
    operationId,
    agent: {
      dni: fields.dni,
      name: fields.name,
      ...sso,
      passwordKind: password.kind,
      passwordVerifier: password.verifier,
    },
    origin: originOf(ctx),
    ...(request === undefined ? {} : { idempotency: describeClaim(ctx, request, password.text) }),
  });
  if ('first' in outcome) {
    if (request === undefined) throw new DomainError('unexpected', {}, 'a replay without a key');
    return { ...(await replay(ctx, request, outcome.first)), replayed: true };
  }
  indexer.note(operationId);
  metrics.count('agent_created', password.kind);
  return { agentId: String(outcome.agentId), password: password.text, replayed: false };
}

/**
 * Changes what is named, leaves the rest. Throws `permission_denied`, `agent_unknown`, `agent_conflict`, `unavailable`.
 */
export async function editAgent(ctx: Context, agentId: string, changes: AgentChanges): Promise<void> {
  requirePermission(ctx.principal, 'agents:write', ctx.operationId);
  const agent = await getAgent(ctx, agentId);
  const { password, sso, ...plain } = changes;
  const patch: AgentPatch = { ...plain, ...(sso === undefined ? {} : ssoColumns(sso)) };
  if (password !== undefined) {
    // The slow hash is worth its while only when nothing else stands in the way.
    await refuseConflicts(ctx, patch, agent.agentId);
    patch.passwordVerifier = await ctx.services.hasher.hash(password);
    patch.passwordKind = 'chosen';
  }
  const { operationId } = ctx;
  await ctx.services.store.transact('editAgent', { operationId, agentId: agent.agentId, patch, origin: originOf(ctx) });
}

/** Enables or disables. Throws `permission_denied`, `agent_unknown`, `unavailable`. */
export async function setAgentEnabled(ctx: Context, agentId: string, enabled: boolean): Promise<void> {
  requirePermission(ctx.principal, 'agents:write', ctx.operationId);
  const agent = await getAgent(ctx, agentId);
  const { operationId } = ctx;
  const input = { operationId, agentId: agent.agentId, enabled, origin: originOf(ctx) };
  await ctx.services.store.transact('setAgentEnabled', input);
}

/** One agent by its id's text. Throws `permission_denied`, `agent_unknown`. */
export async function showAgent(ctx: Context, agentId: string): Promise<AgentRecord> {
  requirePermission(ctx.principal, 'agents:read', ctx.operationId);
  return getAgent(ctx, agentId);
}

export interface AgentPage {
  agents: AgentRecord[];
  /** How many agents the operation has. */
  total: number;
  /** The id after which the list goes on; null where it ends. */
  next: number | null;
}

export interface AgentPageOptions {
  after: number;
  limit: number;
  /** Undefined: enabled or not. */
  enabled?: boolean | undefined;
}

/** Agents read at a time where a filter leaves some out. */
const filterChunk = 1000;

/** A page of the operation's agents by numeric id, disabled ones included. Throws `permission_denied`. */
export async function listAgents(ctx: Context, { after, limit, enabled }: AgentPageOptions): Promise<AgentPage> {
  requirePermission(ctx.principal, 'agents:read', ctx.operationId);
  const { store, yieldTurn } = ctx.services;
  const total = await store.read.agents.count(ctx.operationId);
  const found: AgentRecord[] = [];
  for (let last = after; ;) {
    const size = enabled === undefined ? limit : filterChunk;
    const chunk = await store.read.agents.list(ctx.operationId, { after: last, limit: size });
    for (const agent of chunk) {
      if (enabled === undefined || agent.enabled === enabled) found.push(agent);
      if (found.length === limit) return { agents: found, total, next: agent.agentId };
    }
    if (chunk.length < size) return { agents: found, total, next: null };
    last = chunk.at(-1)?.agentId ?? last;
    await yieldTurn();
  }
}

async function getAgent(ctx: Context, text: string): Promise<AgentRecord> {
  const agentId = parseAgentId(text);
  const agent = agentId === undefined ? undefined : await ctx.services.store.read.agents.find(ctx.operationId, agentId);
  if (agent === undefined) throw new DomainError('agent_unknown');
  return agent;
}

async function refuseConflicts(
  ctx: Context,
  wanted: { dni?: string; ssoNormalized?: string | null },
  except?: number,
): Promise<void> {
  const details = await findConflicts(ctx.services.store.read, ctx.operationId, wanted, except);
  if (details.length > 0) throw new DomainError('agent_conflict', { details });
}

interface Password {
  text: string;
  kind: PasswordKind;
  verifier: string;
}

async function makePassword(ctx: Context, operation: OperationRecord, chosen: string | null): Promise<Password> {
  const { random, hasher } = ctx.services;
  if (chosen !== null) return { text: chosen, kind: 'chosen', verifier: await hasher.hash(chosen) };
  const length = operation.assignedPasswordLength;
  const text = drawAssignedPassword(random, length);
  const verifier = isFastVerifierSound(length)
    ? hashAssignedPassword(text, random.bytes(saltLength))
    : await hasher.hash(text);
  return { text, kind: 'assigned', verifier };
}
