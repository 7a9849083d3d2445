/** From records to the shapes of the management API. */
import type { AgentRecord, AuditEvent, OperationRecord, TokenRecord } from '../domain/records.ts';
import type { AgentShape, AuditEventShape, OperationShape, TokenShape } from './shapes.ts';

const instant = (at: number): string => new Date(at).toISOString();
const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));

export function printOperation(operation: OperationRecord): OperationShape {
  return {
    code: operation.operationId,
    name: operation.name,
    time_zone: operation.timeZone,
    unknown_fields: operation.unknownFields,
    assigned_password_length: operation.assignedPasswordLength,
    created_at: instant(operation.createdAt),
  };
}

export function printToken(token: TokenRecord): TokenShape {
  return {
    token_id: token.tokenId,
    description: token.description,
    scopes: [...token.scopes],
    simultaneous_limit: token.simultaneousLimit,
    daily_limit: token.dailyLimit,
    expires_at: instantOrNull(token.expiresAt),
    allowed_networks: [...token.allowedNetworks],
    created_at: instant(token.createdAt),
    revoked_at: instantOrNull(token.revokedAt),
    rotated_from: token.rotatedFrom,
    last_used_at: instantOrNull(token.lastUsedAt),
  };
}

export function printAgent(agent: AgentRecord): AgentShape {
  return {
    agent_id: String(agent.agentId),
    agent_dni: agent.dni,
    agent_name: agent.name,
    agent_sso: agent.sso,
    enabled: agent.enabled,
    created_at: instant(agent.createdAt),
    updated_at: instant(agent.updatedAt),
    last_sign_in_at: instantOrNull(agent.lastSignInAt),
  };
}

export function printAuditEvent(event: AuditEvent): AuditEventShape {
  return {
    seq: event.seq,
    occurred_at: instant(event.occurredAt),
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    outcome: event.outcome,
    request_id: event.requestId,
    address: event.address,
    details: JSON.parse(event.details) as Record<string, unknown>,
    hash: event.hash,
  };
}
