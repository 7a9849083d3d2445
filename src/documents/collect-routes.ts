/** Watches the routes of an app being mounted, for their schemas: the very ones that validate. */
import type { FastifyInstance } from 'fastify';
import type { ObjectSchema } from './open-api.ts';

export interface CollectedRoute {
  method: string;
  /** As OpenAPI writes it: `/operations/{code}`. */
  path: string;
  params: ObjectSchema | undefined;
  query: ObjectSchema | undefined;
  body: object | undefined;
  /** Schemas of the answers by status. */
  answers: Readonly<Record<string, object>>;
}

/** Gives a list that grows with every route with a schema that is mounted from now on. */
export function collectRoutes(app: FastifyInstance): readonly CollectedRoute[] {
  const routes: CollectedRoute[] = [];
  app.addHook('onRoute', ({ method, url, schema }) => {
    const methods = (Array.isArray(method) ? method : [method]).filter((name) => name !== 'HEAD');
    if (schema === undefined) return;
    for (const name of methods) {
      routes.push({
        method: name,
        path: url.replaceAll(/:(\w+)/g, '{$1}'),
        params: schema.params as ObjectSchema | undefined,
        query: schema.querystring as ObjectSchema | undefined,
        body: schema.body as object | undefined,
        answers: (schema.response ?? {}) as Record<string, object>,
      });
    }
  });
  return routes;
}
