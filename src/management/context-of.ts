import type { FastifyRequest } from 'fastify';
import type { Context } from '../domain/context.ts';

/** Makes the context of a request on an operation. */
export type ContextOf = (request: FastifyRequest, operationId: string) => Context;
