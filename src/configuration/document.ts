/** The configuration API as an OpenAPI document, from the table of apis. See docs/adr/0013-api-documents.md. */
import { mergeByPath } from '../documents/merge-by-path.ts';
import { describeParameters, type OpenApiDocument, type Operation } from '../documents/open-api.ts';
import type { FailureCode } from '../http/status.ts';
import { apis, type DescribedApi } from './apis.ts';
import { bodyLimit } from './exchange.ts';
import { Details, failureExample, failureShape, failuresOf, statusOfCode } from './failure-shapes.ts';

const description = `Creates and manages the agents of an operation: the agent part of the wolkvox v2 configuration API.

- The JSON of a body is read whatever its Content-Type says; it is one object of at most ${bodyLimit} bytes in UTF-8.
- Every answer is \`{"code", "error", "msg"[, "data"]}\`; a failure has \`details\` that say what to mend. The HTTP status
  equals \`code\`, which is a number or a text as each api has it.
- Every answer has an \`x-request-id\`, under which the request stands in the log and in the audit trail.
- A token may be used once at a time unless it is set otherwise: send the next request when the last one is answered.
- The Host \`wv{code}.…\` names the operation; under any other Host the token does.`;

/** The path of an api, with the query that tells it from those that share its path and method. */
export function pathOf({ group, name }: Pick<DescribedApi, 'group' | 'name'>): string {
  return `/api/v2/${group}.php?api=${name}`;
}

/** For programs: an operation for each path and method, as OpenAPI demands it. */
export function describeConfiguration(): OpenApiDocument {
  return mergeByPath(describeByApi(), 'api');
}

/** For people: an operation for each api, the query as part of the path. */
export function describeByApi(): OpenApiDocument {
  const codes = [...new Set(apis.flatMap((api) => failuresOf(api)))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Roster: the configuration API',
      version: '2',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: [
      { name: 'configuration', description: 'Changes agents.' },
      { name: 'information', description: 'Reads.' },
    ],
    security: [{ token: [] }],
    paths: Object.fromEntries(apis.map((api) => [pathOf(api), { [api.method.toLowerCase()]: describeApi(api) }])),
    components: {
      schemas: Object.fromEntries([
        ...apis.map(({ name, shape }) => [`${name}_answer`, shape.answer] as const),
        ...apis.flatMap(({ name, shape: { body } }) => (body === null ? [] : [[`${name}_request`, body] as const])),
        ...codes.map((code) => [code, failureShape(code)] as const),
        ['details', Details],
      ]),
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'wolkvox-token',
          description: 'A token of the operation, as `roster token create` shows it.',
        },
      },
      headers: {
        'retry-after': { description: 'Seconds after which asking again makes sense.', schema: { type: 'string' } },
        allow: { description: 'The method that would have been right.', schema: { type: 'string' } },
      },
    },
  };
}

function describeApi(api: DescribedApi): Operation {
  const { name, group, scope, shape } = api;
  const needs = scope === null ? 'Any token may ask.' : `The token needs the scope \`${scope}\`.`;
  return {
    operationId: name,
    summary: shape.summary,
    description: `${shape.description} ${needs}`,
    tags: [group],
    parameters: [...describeParameters('query', shape.query), ...describeParameters('header', shape.headers)],
    ...(shape.body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: shape.body } } } }),
    responses: { [shape.status]: describeSuccess(api), ...describeFailures(failuresOf(api)) },
  };
}

const header = (name: string): object => ({ $ref: `#/components/headers/${name}` });

function describeSuccess({ shape }: DescribedApi): object {
  const headers = Object.entries(shape.answerHeaders).map(([name, what]): [string, object] => [
    name,
    { description: what, schema: { type: 'string' } },
  ]);
  return {
    description: 'It is done.',
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    content: { 'application/json': { schema: shape.answer } },
  };
}

/** Failures may carry each of these; which do is said in docs/errors.md. */
const failureHeaders: Readonly<Record<number, readonly string[]>> = {
  403: ['retry-after'],
  405: ['allow'],
  409: ['retry-after'],
  503: ['retry-after'],
};

function describeFailures(codes: readonly FailureCode[]): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => statusOfCode(code));
  return Object.fromEntries(
    [...byStatus].map(([status, group]): [string, object] => {
      const headers = (failureHeaders[status] ?? []).map((name) => [name, header(name)]);
      const shapes = group.map((code) => failureShape(code));
      const examples = group.map((code) => [code, { summary: code, value: failureExample(code) }]);
      return [
        String(status),
        {
          description: group.map((code) => `\`${code}\``).join(', '),
          ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
          content: {
            'application/json': {
              schema: shapes.length === 1 ? shapes[0] : { anyOf: shapes },
              examples: Object.fromEntries(examples),
            },
          },
        },
      ];
    }),
  );
}
