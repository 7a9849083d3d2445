/** The management API as an OpenAPI document, from its routes as they are mounted. */
import { Type } from 'typebox';
import type { CollectedRoute } from '../documents/collect-routes.ts';
import { describeParameters, type OpenApiDocument, type Operation } from '../documents/open-api.ts';
import { type FailureCode, statuses } from '../http/status.ts';
import { messages } from './errors.ts';
import * as shapes from './shapes.ts';

export const managementPrefix = '/management/v1';

/** What each route is called, after the client's method, and what it does. */
const operations: Readonly<Record<string, readonly [operationId: string, summary: string]>> = {
  'GET /operations': ['listOperations', 'Lists the operations'],
  'POST /operations': ['addOperation', 'Adds an operation'],
  'PATCH /operations/{code}': ['editOperation', "Changes an operation's settings"],
  'GET /operations/{code}/tokens': ['listTokens', 'Lists the tokens, without their texts'],
  'POST /operations/{code}/tokens': ['createToken', 'Creates a token; its text is shown once'],
  'POST /operations/{code}/tokens/{token}/rotate': ['rotateToken', 'Replaces a token; the old one ends after a grace'],
  'POST /operations/{code}/tokens/{token}/revoke': ['revokeToken', 'Ends a token at once'],
  'GET /operations/{code}/agents': ['listAgents', 'Lists the agents, a page at a time'],
  'POST /operations/{code}/agents': ['createAgent', 'Creates an agent; its password is shown once'],
  'GET /operations/{code}/agents/{agent}': ['showAgent', 'Shows an agent'],
  'PATCH /operations/{code}/agents/{agent}': ['editAgent', 'Changes an agent'],
  'POST /operations/{code}/agents/{agent}/enable': ['enableAgent', 'Enables an agent'],
  'POST /operations/{code}/agents/{agent}/disable': ['disableAgent', 'Disables an agent'],
  'GET /operations/{code}/audit/events': ['listAuditEvents', 'Lists the events of the audit trail, the latest first'],
  'GET /operations/{code}/audit/head': ['findAuditHead', 'Gives the head of the audit trail'],
  'POST /operations/{code}/audit/verify': ['verifyAudit', 'Follows the audit trail from its beginning'],
};

/** What can go wrong with a request to this API. */
export const managementFailures = [
  'http_malformed',
  'url_too_large',
  'headers_too_large',
  'route_unknown',
  'permission_denied',
  'fields_missing',
  'fields_invalid',
  'agent_unknown',
  'agent_conflict',
  'operation_unknown',
  'operation_conflict',
  'token_unknown',
  'request_too_slow',
  'unavailable',
  'unexpected',
] as const satisfies readonly FailureCode[];

const ManagementFailure = Type.Object({
  error: Type.Object({
    code: Type.Enum([...managementFailures]),
    message: Type.String(),
    details: Type.Array(
      Type.Object({ field: Type.String(), problem: Type.String(), agent_id: Type.Optional(Type.String()) }),
    ),
  }),
});

const description = `What administrators may do, as JSON, for the commands and the console. It is served on the Unix socket
in the data folder; whoever may open the socket is an administrator.

A failure is \`{"error": {"code", "message", "details"}}\`:

| code | status | message |
| --- | --- | --- |
${managementFailures.map((code) => `| \`${code}\` | ${statuses[code]} | ${messages[code]} |`).join('\n')}`;

/** Throws for a route that has no name here, and for a name that has no route. */
export function describeManagement(collected: readonly CollectedRoute[]): OpenApiDocument {
  const routes = collected.filter(({ path }) => path.startsWith(`${managementPrefix}/`));
  const paths: Record<string, Record<string, Operation>> = {};
  const unused = new Set(Object.keys(operations));
  for (const route of routes) {
    const key = `${route.method} ${route.path.slice(managementPrefix.length)}`;
    const named = operations[key];
    if (named === undefined) throw new Error(`src/management/document.ts does not name the route ${key}`);
    unused.delete(key);
    (paths[route.path] ??= {})[route.method.toLowerCase()] = describeRoute(route, named);
  }
  if (unused.size > 0)
    throw new Error(`src/management/document.ts names routes there are none of: ${[...unused].join(', ')}`);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Roster: the management API',
      version: '1',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: [
      { name: 'operations', description: "A customer's contact centre: its own agents and tokens." },
      { name: 'tokens', description: 'What programs sign in to the configuration API with.' },
      { name: 'agents', description: 'People who take contacts.' },
      { name: 'audit', description: 'Who did what to whom, and the proof that nothing was changed since.' },
    ],
    // Whoever reaches this API is let in by where it is mounted.
    security: [],
    paths,
    components: { schemas: { ...namedShapes(), ManagementFailure } },
  };
}

/** The shapes that stand for something by themselves; those of paths and queries become parameters. */
function namedShapes(): Record<string, object> {
  const parameters = new Set<object>([shapes.OperationPath, shapes.AgentPath, shapes.TokenPath, shapes.Page]);
  return Object.fromEntries(Object.entries(shapes).filter(([, shape]) => !parameters.has(shape)));
}

function describeRoute(route: CollectedRoute, [operationId, summary]: readonly [string, string]): Operation {
  const { params, query, body } = route;
  const [, , , tag = ''] = route.path.slice(managementPrefix.length).split('/');
  const parameters = [
    ...(params === undefined ? [] : describeParameters('path', params)),
    ...(query === undefined ? [] : describeParameters('query', query)),
  ];
  return {
    operationId,
    summary,
    tags: [tag === '' ? 'operations' : tag],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, schema]) => [status, describeAnswer(status, schema)]),
      ),
      default: { description: 'It failed.', content: { 'application/json': { schema: ManagementFailure } } },
    },
  };
}

function describeAnswer(status: string, schema: object): object {
  const description = 'It is done.';
  return status === '204' ? { description } : { description, content: { 'application/json': { schema } } };
}
