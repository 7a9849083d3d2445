/**
 * The management API: JSON for the CLI, the console and the client. Parses, calls one domain operation, prints. Knows no
 * SQL, and no other room. Whoever reaches this mount is an administrator: the mount is what lets in.
 */
import type { FastifyInstance } from 'fastify';
import type { Services } from '../domain/context.ts';
import { addLogFacts } from '../http/server.ts';
import { sendManagementFailure } from './errors.ts';
import { mountAgents } from './agents.ts';
import { mountAudit } from './audit.ts';
import type { ContextOf } from './context-of.ts';
import { mountOperations } from './operations.ts';
import { mountTokens } from './tokens.ts';

export interface ManagementOptions {
  services: Services;
  /** How the administrator who comes in here stands in the audit trail. */
  administrator: string;
}

export async function mountManagement(app: FastifyInstance, options: ManagementOptions): Promise<void> {
  const { services, administrator } = options;
  const contextOf: ContextOf = (request, operationId) => {
    if (operationId !== '') addLogFacts(request, { operation: operationId.slice(0, 32) });
    return {
      services,
      principal: { kind: 'administrator', name: administrator },
      operationId,
      requestId: request.id,
      address: '',
    };
  };
  app.setErrorHandler(sendManagementFailure);
  mountOperations(app, contextOf);
  mountTokens(app, contextOf);
  mountAgents(app, contextOf);
  mountAudit(app, contextOf);
}
