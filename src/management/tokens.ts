import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { DomainError } from '../domain/errors.ts';
import { getOperation } from '../domain/operations.ts';
import { createToken, listTokens, revokeToken, rotateToken } from '../domain/tokens.ts';
import type { ContextOf } from './context-of.ts';
import { printToken } from './print.ts';
import { NewToken, OperationPath, RotateToken, ShownToken, Token, TokenPath } from './shapes.ts';

export function mountTokens(plain: FastifyInstance, contextOf: ContextOf): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const list = '/operations/:code/tokens';
  const one = `${list}/:token`;

  app.get(list, { schema: { params: OperationPath, response: { 200: Type.Array(Token) } } }, async (request) => {
    const ctx = contextOf(request, request.params.code);
    await getOperation(ctx);
    return (await listTokens(ctx)).map((token) => printToken(token));
  });

  app.post(
    list,
    { schema: { params: OperationPath, body: NewToken, response: { 201: ShownToken } } },
    async (request, reply) => {
      const { body } = request;
      const { token, text } = await createToken(contextOf(request, request.params.code), {
        description: body.description,
        scopes: body.scopes,
        simultaneousLimit: body.simultaneous_limit,
        dailyLimit: body.daily_limit,
        expiresAt: readInstant(body.expires_at),
        allowedNetworks: body.allowed_networks,
      });
      return reply.code(201).send({ ...printToken(token), token: text });
    },
  );

  app.post(
    `${one}/rotate`,
    { schema: { params: TokenPath, body: RotateToken, response: { 201: ShownToken } } },
    async (request, reply) => {
      const { code, token: tokenId } = request.params;
      const { token, text } = await rotateToken(contextOf(request, code), tokenId, request.body.grace_seconds);
      return reply.code(201).send({ ...printToken(token), token: text });
    },
  );

  app.post(
    `${one}/revoke`,
    { schema: { params: TokenPath, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await revokeToken(contextOf(request, request.params.code), request.params.token);
      return reply.code(204).send(null);
    },
  );
}

function readInstant(text: string | null | undefined): number | null {
  if (text === null || text === undefined) return null;
  const [, day, time] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const at = time === undefined ? midnight : Date.parse(text);
  // The 30th of February would quietly become the 2nd of March.
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day ?? '-');
  if (exists && !Number.isNaN(at)) return at;
  const problem =
    'must be a date such as 2027-01-31 (its beginning, UTC) or a time with its zone such as 2027-01-31T17:00:00-05:00';
  throw new DomainError('fields_invalid', { details: [{ field: 'expires_at', problem }] });
}
