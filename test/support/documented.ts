/** Looks answers up in an OpenAPI document and validates them against what it says. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import type { OpenApiDocument } from '../../src/documents/open-api.ts';

export const ajv = new Ajv2020({ strict: false, allErrors: true });

export interface AnsweredRequest {
  method: string;
  /** The document's path. */
  path: string;
  status: number;
  /** The body as JSON; undefined: none. */
  body: unknown;
}

interface DocumentedAnswer {
  content?: { 'application/json': { schema: object } };
}

/** Throws when the document does not know the answer, or describes it otherwise. */
export function assertDocumented(document: OpenApiDocument, answered: AnsweredRequest): void {
  const { method, path, status, body } = answered;
  const told = `${method} ${path} answered ${status}: ${JSON.stringify(body)}`;
  const answers = document.paths[path]?.[method.toLowerCase()]?.responses;
  const answer = (answers?.[status] ?? answers?.['default']) as DocumentedAnswer | undefined;
  assert.ok(answer !== undefined, `not documented: ${told}`);
  if (answer.content === undefined) return assert.equal(body, undefined, told);
  const validate = ajv.compile({ ...answer.content['application/json'].schema, components: document.components });
  assert.ok(validate(body), `${told}\n${JSON.stringify(validate.errors, null, 1)}`);
}
