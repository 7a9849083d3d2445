import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { findAuditHead, listAuditEvents, verifyAudit } from '../domain/audit.ts';
import type { ContextOf } from './context-of.ts';
import { printAuditEvent } from './print.ts';
import { AuditHead, AuditPage, AuditVerdict, OperationPath, Page, VerifyAudit } from './shapes.ts';

const defaultLimit = 50;
const maxLimit = 1000;

export function mountAudit(plain: FastifyInstance, contextOf: ContextOf): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    '/operations/:code/audit/events',
    { schema: { params: OperationPath, querystring: Page, response: { 200: AuditPage } } },
    async (request) => {
      const { after, limit: asked = defaultLimit } = request.query;
      const limit = Math.min(maxLimit, Math.max(1, Number(asked)));
      const before = after === undefined ? null : Number(after);
      const events = await listAuditEvents(contextOf(request, request.params.code), { before, limit });
      const next = events.length === limit ? (events.at(-1)?.seq ?? null) : null;
      return { events: events.map((event) => printAuditEvent(event)), next };
    },
  );

  app.get(
    '/operations/:code/audit/head',
    { schema: { params: OperationPath, response: { 200: AuditHead } } },
    (request) => findAuditHead(contextOf(request, request.params.code)),
  );

  app.post(
    '/operations/:code/audit/verify',
    { schema: { params: OperationPath, body: VerifyAudit, response: { 200: AuditVerdict } } },
    async (request) => {
      const { base, head, fault } = await verifyAudit(contextOf(request, request.params.code), request.body.head);
      return { base, head, fault: fault ?? null };
    },
  );
}
