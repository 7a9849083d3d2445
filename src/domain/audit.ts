/** What may be asked of the audit trail. */
import { type AuditVerdict, verifyAuditChain } from './audit-chain.ts';
import type { Context } from './context.ts';
import { getOperation } from './operations.ts';
import { requirePermission } from './principal.ts';
import type { AuditEvent } from './records.ts';
import type { AuditHead } from './repositories.ts';

/** A page of events, newest first. Throws `permission_denied`, `operation_unknown`. */
export async function listAuditEvents(
  ctx: Context,
  page: { before: number | null; limit: number },
): Promise<AuditEvent[]> {
  requirePermission(ctx.principal, 'installation:manage');
  await getOperation(ctx);
  return ctx.services.store.read.audit.listNewest(ctx.operationId, page);
}

/** The head of the operation's chain, to be kept elsewhere. Throws `permission_denied`, `operation_unknown`. */
export async function findAuditHead(ctx: Context): Promise<AuditHead> {
  requirePermission(ctx.principal, 'installation:manage');
  await getOperation(ctx);
  return (await ctx.services.store.read.audit.findHead(ctx.operationId)) ?? { seq: 0, hash: '' };
}

/** Verifies the operation's chain, through an earlier head where there is one. */
export async function verifyAudit(ctx: Context, earlier?: AuditHead): Promise<AuditVerdict> {
  requirePermission(ctx.principal, 'installation:manage');
  await getOperation(ctx);
  const { store, auditKey, yieldTurn } = ctx.services;
  return verifyAuditChain(store.read.audit, ctx.operationId, auditKey(ctx.operationId), { earlier, yieldTurn });
}
