/** The transactions on agents: each runs whole or not at all, beside the audit event that tells of it. */
import { replaceWords } from './agent-words.ts';
import { appendAuditEvents } from './audit-chain.ts';
import { DomainError, type Problem } from './errors.ts';
import type { IdempotencyRecord, NewAgent, NewAuditEvent } from './records.ts';
import type { AgentPatch, Reads, Transaction } from './repositories.ts';

/** Who does it, when and from where: the part of an event that a request gives. */
export type EventOrigin = Pick<NewAuditEvent, 'occurredAt' | 'actor' | 'requestId' | 'address'>;

export type IdempotencyClaim = Omit<IdempotencyRecord, 'operationId' | 'agentId'>;

export interface CreateAgentInput {
  operationId: string;
  agent: NewAgent;
  origin: EventOrigin;
  /** Present when the request carried an idempotency key. */
  idempotency?: IdempotencyClaim;
}

/** A new agent's id; or, when the key's first request was faster, what that one left. */
export type CreateAgentOutcome = { agentId: number } | { first: IdempotencyRecord };

/** Throws `agent_conflict` (dni or sso taken), `operation_unknown`. */
export async function applyCreateAgent(tx: Transaction, input: CreateAgentInput): Promise<CreateAgentOutcome> {
  const { operationId, agent, origin, idempotency } = input;
  if (idempotency !== undefined) {
    const first = await tx.idempotency.find(operationId, idempotency.recordId, origin.occurredAt);
    if (first !== undefined) return { first };
  }
  const agentId = await appendAuditEvents(tx, operationId, {
    agentId: (id) => ({
      ...origin,
      action: 'agent.created',
      subject: String(id),
      outcome: 'success',
      details: { password: agent.passwordKind, sso: agent.sso !== null, secret_shown: true },
    }),
  });
  if (!(await tx.agents.insert(operationId, agentId, agent, origin.occurredAt))) {
    throw await describeConflict(tx, operationId, agent);
  }
  if (idempotency !== undefined) {
    const record = { ...idempotency, operationId, agentId };
    if (!(await tx.idempotency.insert(record, origin.occurredAt))) {
      throw new DomainError('idempotency_running', { retryAfter: 1 });
    }
  }
  return { agentId };
}

export interface EditAgentInput {
  operationId: string;
  agentId: number;
  patch: AgentPatch;
  origin: EventOrigin;
}

/** Changes what the patch names; an unchanged value is no change. Throws `agent_unknown`, `agent_conflict`. */
export async function applyEditAgent(tx: Transaction, input: EditAgentInput): Promise<void> {
  const { operationId, agentId, patch, origin } = input;
  const agent = await tx.agents.find(operationId, agentId);
  if (agent === undefined) throw new DomainError('agent_unknown');
  const fields: string[] = [];
  if (patch.dni !== undefined && patch.dni !== agent.dni) fields.push('agent_dni');
  if (patch.name !== undefined && patch.name !== agent.name) fields.push('agent_name');
  if (patch.sso !== undefined && patch.sso !== agent.sso) fields.push('agent_sso');
  if (patch.passwordVerifier !== undefined) fields.push('agent_pass');
  if (fields.length === 0) return;
  const conflict = await findConflicts(tx, operationId, patch, agentId);
  if (conflict.length > 0) throw new DomainError('agent_conflict', { details: conflict });
  await tx.agents.update(operationId, agentId, patch, origin.occurredAt);
  const { dni = agent.dni, name = agent.name, sso = agent.sso } = patch;
  await replaceWords(tx, agent, { ...agent, dni, name, sso });
  await appendAuditEvents(tx, operationId, [
    { ...origin, action: 'agent.edited', subject: String(agentId), outcome: 'success', details: { fields } },
  ]);
}

export interface SetAgentEnabledInput {
  operationId: string;
  agentId: number;
  enabled: boolean;
  origin: EventOrigin;
}

/** Enables or disables; what is so already is a success and no event. Throws `agent_unknown`. */
export async function applySetAgentEnabled(tx: Transaction, input: SetAgentEnabledInput): Promise<void> {
  const { operationId, agentId, enabled, origin } = input;
  const agent = await tx.agents.find(operationId, agentId);
  if (agent === undefined) throw new DomainError('agent_unknown');
  if (agent.enabled === enabled) return;
  await tx.agents.update(operationId, agentId, { enabled }, origin.occurredAt);
  const action = enabled ? 'agent.enabled' : 'agent.disabled';
  await appendAuditEvents(tx, operationId, [
    { ...origin, action, subject: String(agentId), outcome: 'success', details: {} },
  ]);
}

/** The collisions of a dni and sso with agents other than `except`, in the order of the fields. */
export async function findConflicts(
  reads: Pick<Reads, 'agents'>,
  operationId: string,
  wanted: { dni?: string; ssoNormalized?: string | null },
  except?: number,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const { dni, ssoNormalized } = wanted;
  const byDni = dni === undefined ? undefined : await reads.agents.findByDni(operationId, dni);
  const bySso = ssoNormalized ? await reads.agents.findBySso(operationId, ssoNormalized) : undefined;
  for (const [field, other] of [
    ['agent_dni', byDni],
    ['agent_sso', bySso],
  ] as const) {
    if (other === undefined || other.agentId === except) continue;
    const agent_id = String(other.agentId);
    problems.push({ field, problem: `agent ${agent_id} already has this ${field}`, agent_id });
  }
  return problems;
}

async function describeConflict(tx: Transaction, operationId: string, agent: NewAgent): Promise<DomainError> {
  return new DomainError('agent_conflict', { details: await findConflicts(tx, operationId, agent) });
}
