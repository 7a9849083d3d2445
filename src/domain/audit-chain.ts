/**
 * The audit trail: one chain of events an operation, each event's hash an HMAC-SHA-256 over the event and the hash
 * before it, under a key kept outside the database. Whoever holds an earlier head can tell that rows were edited,
 * removed, reordered or cut since; against somebody who holds the key it proves nothing.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { DomainError } from './errors.ts';
import type { AuditEvent, NewAuditEvent } from './records.ts';
import type { AuditHead, AuditReads, Transaction } from './repositories.ts';

/** The hash before an operation's first event. */
export const genesisHash = '';

/** The hash of an event in its chain, hexadecimal. */
export function hashAuditEvent(key: KeyObject, event: Omit<AuditEvent, 'hash'>, previousHash: string): string {
  const text = JSON.stringify([
    previousHash,
    event.operationId,
    event.seq,
    event.occurredAt,
    event.actor,
    event.action,
    event.subject,
    event.outcome,
    event.requestId,
    event.address,
    event.details,
  ]);
  return createHmac('sha256', key).update(text).digest('hex');
}

/**
 * Takes the next agent ids (none unless asked) and appends events to the operation's chain, inside the transaction of
 * the change they tell of. Gives the first id taken. Throws `operation_unknown`.
 */
export async function appendAuditEvents(
  tx: Transaction,
  operationId: string,
  events: readonly NewAuditEvent[] | { agentId: (agentId: number) => NewAuditEvent },
): Promise<number> {
  const wanted = 'agentId' in events ? { agentIds: 1, auditEvents: 1 } : { agentIds: 0, auditEvents: events.length };
  const counters = await tx.counters.take(operationId, wanted);
  if (counters === undefined) throw new DomainError('operation_unknown');
  let { auditHash: hash, auditSeq: seq } = counters;
  for (const { details, ...facts } of 'agentId' in events ? [events.agentId(counters.agentId)] : events) {
    const event = { ...facts, operationId, seq, details: JSON.stringify(details) };
    hash = hashAuditEvent(tx.auditKey(operationId), event, hash);
    await tx.audit.insert({ ...event, hash });
    seq += 1;
  }
  await tx.counters.setAuditHash(operationId, hash);
  return counters.agentId;
}

/**
 * What is wrong with a chain, and at which place: `missing` (a gap: an event was removed or moved), `altered` (an event's
 * hash does not fit: it was edited or moved), `cut` (events that are known to have been there are gone from the end),
 * `replaced` (the chain is whole but has another hash at a place whose hash is known).
 */
export interface AuditFault {
  kind: 'missing' | 'altered' | 'cut' | 'replaced';
  seq: number;
}

export interface AuditVerdict {
  /** Events up to this one were trimmed by rule, and are not looked at. */
  base: number;
  /** The last event up to which the chain holds. */
  head: AuditHead;
  /** The first fault; undefined when the chain is whole. */
  fault: AuditFault | undefined;
}

const pageSize = 500;

/**
 * Follows an operation's chain from its first event to its last, through the head that the operation's counters keep and
 * through an earlier one, printed before and kept elsewhere. Safe beside a running server: what is appended meanwhile
 * is followed too.
 */
export async function verifyAuditChain(
  reads: AuditReads,
  operationId: string,
  key: KeyObject,
  options: { earlier?: AuditHead | undefined; yieldTurn: () => Promise<void> },
): Promise<AuditVerdict> {
  const { earlier, yieldTurn } = options;
  const kept = await reads.findHead(operationId);
  const known = [kept, earlier].filter((head) => head !== undefined && head.seq > 0);
  let head = (await reads.findBase(operationId)) ?? { seq: 0, hash: genesisHash };
  const base = head.seq;
  for (;;) {
    const page = await reads.list(operationId, { after: head.seq, limit: pageSize });
    for (const event of page) {
      const seq = head.seq + 1;
      if (event.seq !== seq) return { base, head, fault: { kind: 'missing', seq } };
      if (hashAuditEvent(key, event, head.hash) !== event.hash) return { base, head, fault: { kind: 'altered', seq } };
      if (known.some((place) => place?.seq === seq && place.hash !== event.hash)) {
        return { base, head, fault: { kind: 'replaced', seq } };
      }
      head = { seq, hash: event.hash };
    }
    if (page.length < pageSize) break;
    await yieldTurn();
  }
  const cut = known.some((place) => (place?.seq ?? 0) > head.seq);
  return { base, head, fault: cut ? { kind: 'cut', seq: head.seq + 1 } : undefined };
}

/** The key of each operation's chain, derived from the one root key and remembered. */
export function deriveAuditKeys(root: Uint8Array): (operationId: string) => KeyObject {
  const keys = new Map<string, KeyObject>();
  return (operationId) => {
    let key = keys.get(operationId);
    if (key === undefined) {
      key = createSecretKey(createHmac('sha256', root).update(`audit ${operationId}`).digest());
      keys.set(operationId, key);
    }
    return key;
  };
}
