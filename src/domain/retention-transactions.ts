/** The transaction of trimming: a batch of what has had its time. */
import { appendAuditEvents } from './audit-chain.ts';
import type { AuditHead, Transaction } from './repositories.ts';

/** Rows that one transaction removes at most. */
const batch = 200;

export interface TrimInput {
  operationId: string;
  now: number;
  /** Days before this one lose their counts of uses. */
  usageDay: string;
  /** Audit events before this time are removed; null: none ever. */
  auditBefore: number | null;
}

/** Removes a batch of what has had its time; says whether there may be more. */
export async function applyTrim(
  tx: Transaction,
  { operationId, now, usageDay, auditBefore }: TrimInput,
): Promise<boolean> {
  const ended = await tx.idempotency.deleteEnded(operationId, now, batch);
  await tx.usage.deleteBefore(operationId, usageDay);
  const events = auditBefore === null ? 0 : await trimEvents(tx, operationId, auditBefore, now);
  return ended === batch || events === batch;
}

async function trimEvents(tx: Transaction, operationId: string, before: number, now: number): Promise<number> {
  const base = await tx.audit.findBase(operationId);
  const page = await tx.audit.list(operationId, { after: base?.seq ?? 0, limit: batch });
  // Events may be a little out of their order in time; the chain is cut only where all before it are old.
  const young = page.findIndex(({ occurredAt }) => occurredAt >= before);
  const old = young === -1 ? page : page.slice(0, young);
  const last: AuditHead | undefined = old.at(-1);
  if (last === undefined) return 0;
  await tx.audit.trim(operationId, { seq: last.seq, hash: last.hash });
  await appendAuditEvents(tx, operationId, [
    {
      occurredAt: now,
      actor: 'system',
      action: 'audit.trimmed',
      subject: operationId,
      outcome: 'success',
      requestId: '',
      address: '',
      details: { up_to: last.seq, before: new Date(before).toISOString() },
    },
  ]);
  return old.length;
}
