/**
 * OpenAPI knows an operation by its path and method, without the query. Where a parameter of the query chooses what is
 * done, this merges what shares a path and a method into one operation that takes the parameter's values.
 */
import type { OpenApiDocument, Operation } from './open-api.ts';

interface Parameter {
  name: string;
  in: string;
  required: boolean;
}

interface Answer {
  description: string;
  headers?: Record<string, object>;
  content?: { 'application/json': { schema: object; examples?: Record<string, object> } };
}

interface Choice {
  /** The parameter's value that chooses the operation. */
  value: string;
  operation: Operation;
}

/** The document with its paths merged: `/a?api=b` and `/a?api=c` become `/a` with a parameter `api`. */
export function mergeByPath(document: OpenApiDocument, parameter: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  const choices = Object.entries(document.paths).flatMap(([path, methods]) => {
    const [bare = '', query] = path.split('?');
    const value = new URLSearchParams(query).get(parameter) ?? '';
    return Object.entries(methods).map(([method, operation]) => ({ bare, method, value, operation }));
  });
  for (const [bare, ofPath] of Map.groupBy(choices, (choice) => choice.bare)) {
    const byMethod = [...Map.groupBy(ofPath, ({ method }) => method)];
    paths[bare] = Object.fromEntries(byMethod.map(([method, group]) => [method, mergeOperations(group, parameter)]));
  }
  return { ...document, paths };
}

function mergeOperations(choices: readonly Choice[], parameter: string): Operation {
  const operations = choices.map(({ operation }) => operation);
  const values = choices.map(({ value }) => value);
  const bodies = operations.flatMap(({ requestBody }) =>
    requestBody === undefined ? [] : [(requestBody as Required<Answer>).content['application/json'].schema],
  );
  const chooser = { name: parameter, in: 'query', required: true, schema: { type: 'string', enum: values } };
  return {
    operationId: operations.map(({ operationId }) => operationId).join('_or_'),
    summary: operations.map(({ summary }) => summary).join(' / '),
    description: choices
      .map(({ value, operation }) => `- \`${parameter}=${value}\`: ${operation.description ?? operation.summary}`)
      .join('\n'),
    tags: [...new Set(operations.flatMap(({ tags }) => tags))],
    parameters: [chooser, ...choices.flatMap((choice) => optionalParameters(choice, parameter, choices.length > 1))],
    ...(bodies.length === 0
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: anyOf(bodies) } } } }),
    responses: mergeAnswers(operations.flatMap(({ responses }) => Object.entries(responses))),
  };
}

/** A parameter of one of several operations cannot be demanded of all. */
function optionalParameters({ value, operation }: Choice, parameter: string, isShared: boolean): object[] {
  const parameters = (operation.parameters ?? []) as readonly (Parameter & { description?: string })[];
  return parameters.map((entry) =>
    Object.assign({}, entry, {
      required: entry.required && !isShared,
      description: isShared ? `For \`${parameter}=${value}\`. ${entry.description ?? ''}`.trim() : entry.description,
    }),
  );
}

function mergeAnswers(entries: readonly [string, object][]): Record<string, object> {
  const byStatus = Map.groupBy(entries as readonly [string, Answer][], ([status]) => status);
  const merged = [...byStatus].map(([status, group]): [string, object] => {
    const answers = group.map(([, answer]) => answer);
    const contents = answers.flatMap(({ content }) => (content === undefined ? [] : [content['application/json']]));
    const headers = mergeMembers(answers.map((answer) => answer.headers));
    const examples = mergeMembers(contents.map((content) => content.examples));
    const parts = new Set(answers.flatMap(({ description }) => description.split(', ')));
    return [
      status,
      {
        description: [...parts].join(', '),
        ...(Object.keys(headers).length === 0 ? {} : { headers }),
        content: {
          'application/json': {
            schema: anyOf(contents.map(({ schema }) => schema)),
            ...(Object.keys(examples).length === 0 ? {} : { examples }),
          },
        },
      },
    ];
  });
  return Object.fromEntries(merged);
}

function mergeMembers(members: readonly (Record<string, object> | undefined)[]): Record<string, object> {
  return Object.fromEntries(members.flatMap((member) => Object.entries(member ?? {})));
}

/** Any of the schemas, each once; those that are alternatives themselves are taken apart. */
function anyOf(schemas: readonly object[]): object {
  const parts = schemas.flatMap((schema) =>
    'anyOf' in schema && !('type' in schema) ? (schema.anyOf as object[]) : [schema],
  );
  const different = new Map(parts.map((schema) => [JSON.stringify(schema), schema]));
  const [only, ...others] = different.values();
  return only !== undefined && others.length === 0 ? only : { anyOf: [...different.values()] };
}
