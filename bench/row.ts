/** The rows of a create, as the server would have them written. */
import { randomUUID } from 'node:crypto';
import type { CreateAgentInput } from '../src/domain/agent-transactions.ts';
import { operationId } from './store-folder.ts';

/** As long as every verifier of an assigned password. */
const passwordVerifier = `$sha256$${'s'.repeat(22)}$${'v'.repeat(43)}`;

/** What tells one agent from another: as many places in every index are written to at once as there are writers. */
export function nameCreate(writer: number, count: number): string {
  return `${writer}-${count}`;
}

/** What the server's main thread would give the store for a create. */
export function makeCreate(name: string): CreateAgentInput {
  return {
    operationId,
    agent: {
      dni: name,
      name: `Agent ${name}`,
      sso: `user.${name}`,
      ssoNormalized: `user.${name}`,
      passwordKind: 'assigned',
      passwordVerifier,
    },
    origin: { occurredAt: Date.now(), actor: 'token:0123456789', requestId: randomUUID(), address: '127.0.0.1' },
  };
}
