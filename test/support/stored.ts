/** What stands in a stopped server's data folder, read past the server: the last word on what was kept. */
import Sqlite from 'better-sqlite3';
import { hash } from 'node:crypto';
import { join } from 'node:path';

export interface StoredAgent {
  agentId: number;
  dni: string;
  verifier: string;
}

export interface StoredEvent {
  seq: number;
  action: string;
  subject: string;
  details: Record<string, unknown>;
}

export interface Stored {
  /** By id. */
  agents: StoredAgent[];
  /** By sequence. */
  events: StoredEvent[];
  nextAgentId: number;
}

/** Reads operation 0001 of a data folder that no server holds. */
export function readStored(dataDir: string): Stored {
  const database = new Sqlite(join(dataDir, 'roster.db'), { readonly: true, fileMustExist: true });
  try {
    const agents = database
      .prepare(
        `select agent_id as agentId, dni, password_verifier as verifier from agents where operation_id = '0001'
          order by agent_id`,
      )
      .all() as StoredAgent[];
    const events = database
      .prepare(`select seq, action, subject, details from audit_events where operation_id = '0001' order by seq`)
      .all() as (Omit<StoredEvent, 'details'> & { details: string })[];
    const counters = database
      .prepare(`select next_agent_id as nextAgentId from counters where operation_id = '0001'`)
      .get() as { nextAgentId: number };
    const read = ({ details, ...event }: (typeof events)[number]): StoredEvent => ({
      ...event,
      details: JSON.parse(details) as Record<string, unknown>,
    });
    return { agents, events: events.map((event) => read(event)), nextAgentId: counters.nextAgentId };
  } finally {
    database.close();
  }
}

/** Whether a password is the one behind the verifier of an assigned password, `$sha256$salt$digest`. */
export function fitsVerifier(password: string, verifier: string): boolean {
  const [, kind, salt = '', digest] = verifier.split('$');
  const salted = Buffer.concat([Buffer.from(salt, 'base64url'), Buffer.from(password)]);
  return kind === 'sha256' && hash('sha256', salted, 'base64url') === digest;
}
