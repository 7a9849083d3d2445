/** The transactions on operations, and on their trail alone. */
import type { EventOrigin } from './agent-transactions.ts';
import { appendAuditEvents } from './audit-chain.ts';
import { DomainError } from './errors.ts';
import type { NewAuditEvent, OperationRecord } from './records.ts';
import type { OperationPatch, Transaction } from './repositories.ts';

export interface AddOperationInput {
  operation: OperationRecord;
  origin: EventOrigin;
}

/** Throws `operation_conflict` when the code is taken. */
export async function applyAddOperation(tx: Transaction, { operation, origin }: AddOperationInput): Promise<void> {
  if (!(await tx.operations.insert(operation))) {
    const problem = `operation ${operation.operationId} already exists`;
    throw new DomainError('operation_conflict', { details: [{ field: 'code', problem }] });
  }
  await appendAuditEvents(tx, operation.operationId, [
    { ...origin, action: 'operation.added', subject: operation.operationId, outcome: 'success', details: {} },
  ]);
}

export interface EditOperationInput {
  operationId: string;
  patch: OperationPatch;
  origin: EventOrigin;
}

/** Throws `operation_unknown`. */
export async function applyEditOperation(tx: Transaction, input: EditOperationInput): Promise<OperationRecord> {
  const { operationId, patch, origin } = input;
  const operation = await tx.operations.find(operationId);
  if (operation === undefined) throw new DomainError('operation_unknown');
  const fields = Object.keys(patch).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  if (fields.length === 0) return operation;
  await tx.operations.update(operationId, patch);
  await appendAuditEvents(tx, operationId, [
    { ...origin, action: 'operation.edited', subject: operationId, outcome: 'success', details: { fields } },
  ]);
  return { ...operation, ...patch };
}

export interface RecordEventsInput {
  operationId: string;
  events: readonly NewAuditEvent[];
}

/** Writes events that belong to no change: a secret shown again, refusals counted. */
export async function applyRecordEvents(tx: Transaction, { operationId, events }: RecordEventsInput): Promise<void> {
  await appendAuditEvents(tx, operationId, events);
}
