/** What may be done with operations. */
import { assignedLengthRange, defaultAssignedLength } from './assigned-password.ts';
import { type Context, originOf } from './context.ts';
import { DomainError, type Problem } from './errors.ts';
import { requirePermission } from './principal.ts';
import type { OperationRecord } from './records.ts';
import type { OperationPatch } from './repositories.ts';
import { countCharacters, hasControlCharacter } from './text.ts';
import { isTimeZone } from './time-zone.ts';

/** Whether the text can be an operation's code. */
export function isOperationCode(text: string): boolean {
  return /^[0-9a-z]{1,16}$/.test(text);
}

/** Adds the operation that the context names. Throws `permission_denied`, `fields_invalid`, `operation_conflict`. */
export async function addOperation(ctx: Context, settings: OperationPatch): Promise<OperationRecord> {
  requirePermission(ctx.principal, 'installation:manage');
  const problems = findSettingProblems(settings);
  if (!isOperationCode(ctx.operationId)) {
    problems.unshift({ field: 'code', problem: 'must be 1 to 16 of the characters 0-9 and a-z' });
  }
  if (problems.length > 0) throw new DomainError('fields_invalid', { details: problems });
  const operation: OperationRecord = {
    operationId: ctx.operationId,
    name: '',
    timeZone: 'UTC',
    unknownFields: 'ignore',
    assignedPasswordLength: defaultAssignedLength,
    createdAt: ctx.services.clock.now(),
    ...settings,
  };
  await ctx.services.store.transact('addOperation', { operation, origin: originOf(ctx) });
  return operation;
}

/** Changes an operation's settings. Throws `permission_denied`, `fields_invalid`, `operation_unknown`. */
export async function editOperation(ctx: Context, patch: OperationPatch): Promise<OperationRecord> {
  requirePermission(ctx.principal, 'installation:manage');
  const problems = findSettingProblems(patch);
  if (problems.length > 0) throw new DomainError('fields_invalid', { details: problems });
  const { operationId } = ctx;
  return ctx.services.store.transact('editOperation', { operationId, patch, origin: originOf(ctx) });
}

/** Every operation, by code. Throws `permission_denied`. */
export async function listOperations(ctx: Context): Promise<OperationRecord[]> {
  requirePermission(ctx.principal, 'installation:manage');
  return ctx.services.store.read.operations.list();
}

/** The context's operation. Throws `operation_unknown`. */
export async function getOperation(ctx: Context): Promise<OperationRecord> {
  const operation = await ctx.services.store.read.operations.find(ctx.operationId);
  if (operation === undefined) throw new DomainError('operation_unknown');
  return operation;
}

function findSettingProblems({ name = '', timeZone, assignedPasswordLength }: OperationPatch): Problem[] {
  const problems: Problem[] = [];
  const { min, max } = assignedLengthRange;
  if (countCharacters(name) > 100 || hasControlCharacter(name)) {
    problems.push({ field: 'name', problem: 'must have at most 100 characters and no control characters' });
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    problems.push({ field: 'time_zone', problem: 'must be a time zone such as America/Bogota or UTC' });
  }
  if (assignedPasswordLength !== undefined) {
    const fits = Number.isInteger(assignedPasswordLength) && assignedPasswordLength >= min;
    if (!fits || assignedPasswordLength > max) {
      problems.push({ field: 'assigned_password_length', problem: `must be a whole number from ${min} to ${max}` });
    }
  }
  return problems;
}
