import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { addOperation, editOperation, listOperations } from '../domain/operations.ts';
import type { OperationPatch } from '../domain/repositories.ts';
import type { ContextOf } from './context-of.ts';
import { printOperation } from './print.ts';
import { NewOperation, Operation, OperationPath, OperationSettings, type OperationSettingsShape } from './shapes.ts';

export function mountOperations(plain: FastifyInstance, contextOf: ContextOf): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/operations', { schema: { response: { 200: Type.Array(Operation) } } }, async (request) => {
    const operations = await listOperations(contextOf(request, ''));
    return operations.map((operation) => printOperation(operation));
  });

  app.post('/operations', { schema: { body: NewOperation, response: { 201: Operation } } }, async (request, reply) => {
    const { code, ...settings } = request.body;
    const operation = await addOperation(contextOf(request, code), readSettings(settings));
    return reply.code(201).send(printOperation(operation));
  });

  app.patch(
    '/operations/:code',
    { schema: { params: OperationPath, body: OperationSettings, response: { 200: Operation } } },
    async (request) => {
      const ctx = contextOf(request, request.params.code);
      return printOperation(await editOperation(ctx, readSettings(request.body)));
    },
  );
}

function readSettings(settings: OperationSettingsShape): OperationPatch {
  const { name, time_zone: timeZone, unknown_fields: unknownFields, assigned_password_length: length } = settings;
  return {
    ...(name === undefined ? {} : { name }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(unknownFields === undefined ? {} : { unknownFields }),
    ...(length === undefined ? {} : { assignedPasswordLength: length }),
  };
}
