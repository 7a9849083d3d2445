/** The documented requests of the configuration API are those that are taken: schema and code come to one verdict. */
import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TSchema } from 'typebox';
import { idempotencyKey } from '../../src/configuration/field-shapes.ts';
import { readFields, requireAgentId } from '../../src/configuration/fields.ts';
import { createAgentShape, editAgentShape, enableAgentShape } from '../../src/configuration/shapes.ts';
import { agentFields, parseAgentId, readAgentChanges, readNewAgent } from '../../src/domain/agent-fields.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { readIdempotencyKey } from '../../src/domain/idempotency.ts';
import { readJsonObject } from '../../src/http/strict-json.ts';
import { callApi, paths } from '../support/ask.ts';
import { ajv } from '../support/documented.ts';
import { scaled } from '../support/scale.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.remove());

// Beyond JSON Schema, and therefore not drawn: a lone surrogate, 1.0 and 1e0 as whole numbers, numbers that a floating
// point number takes for the limit itself, a near miss of a field's name, a key twice, a password that is common.
const edge = fc.constantFrom(
  '',
  ' ',
  '\t',
  '\u00A0',
  '\uFEFF',
  '\u2028',
  '\u0000',
  '\u007F',
  '\u0085',
  '\u{1F600}',
  'é',
);
const long = fc
  .tuple(
    fc.constantFrom('a', '\u{1F600}', ' ', 'Á'),
    fc.constantFrom(7, 8, 31, 32, 33, 99, 100, 101, 127, 128, 129, 255, 256, 257),
  )
  .map(([character, count]) => character.repeat(count));
const text = fc
  .tuple(edge, fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), long, edge, fc.constant('10000')), edge)
  .map((parts) => parts.join(''));
const password = fc
  .tuple(fc.constantFrom('', 'Ab1!', 'Éé1!', 'ab1!', 'AB1!', 'Ab!!', 'Ab11'), text)
  .map((parts) => parts.join(''));
const number = fc.oneof(
  fc.maxSafeInteger().map(String),
  fc.constantFrom('0', '-1', '10000', '1.5', '123456789012345678901234567890', '9'.repeat(40), `-${'9'.repeat(40)}`),
);
const member = (texts: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 6, arbitrary: texts.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: number },
    { weight: 2, arbitrary: fc.constantFrom('null', 'true', '[]', '{}', undefined) },
  );
const likely = { dni: JSON.stringify('1020304050'), name: JSON.stringify('Ana Gómez') };

/** The source of a JSON object with these members, those drawn as undefined left out. */
function bodyOf(members: Record<string, fc.Arbitrary<string | undefined>>): fc.Arbitrary<string> {
  return fc.record(members).map((drawn) => {
    const given = Object.entries(drawn).filter(([, source]) => source !== undefined);
    return `{${given.map(([name, source]) => `${JSON.stringify(name)}:${source}`).join(',')}}`;
  });
}

// Most bodies have two good fields, so that the other two decide.
const agentBody = bodyOf({
  agent_dni: fc.oneof(fc.constant(likely.dni), member(text)),
  agent_name: fc.oneof(fc.constant(likely.name), member(text)),
  agent_sso: fc.oneof(fc.constant(undefined), member(text)),
  agent_pass: fc.oneof(fc.constant(undefined), member(password)),
  campaign: fc.constantFrom(undefined, '7'),
});
const idBody = bodyOf({
  agent_id: member(fc.oneof(text, fc.nat().map(String))),
  campaign: fc.constantFrom(undefined, '7'),
});

function isTaken(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    assert.ok(error instanceof DomainError, String(error));
    return false;
  }
}

const read = (body: string, known: readonly string[]): ReturnType<typeof readFields> =>
  readFields(readJsonObject(Buffer.from(body)), known, 'ignore');
const isCommon = (): boolean => false;

/** Both verdicts on each drawn body; and neither verdict is rare. */
function assertAgreement(
  schema: TSchema | null,
  bodies: fc.Arbitrary<string>,
  isFine: (body: string) => boolean,
): void {
  const validate = ajv.compile(schema ?? false);
  const verdicts = { true: 0, false: 0 };
  fc.assert(
    fc.property(bodies, (body) => {
      const verdict = isFine(body);
      verdicts[`${verdict}`] += 1;
      assert.equal(validate(JSON.parse(body)), verdict, `${body} ${JSON.stringify(validate.errors)}`);
    }),
    { numRuns: scaled(20_000) },
  );
  assert.ok(Math.min(verdicts.true, verdicts.false) > scaled(1000), JSON.stringify(verdicts));
}

test('create_agent', () => {
  assertAgreement(createAgentShape.body, agentBody, (body) => {
    const { values, problems } = read(body, agentFields);
    return isTaken(() => readNewAgent(values, problems, isCommon));
  });
});

test('edit_agent', () => {
  assertAgreement(editAgentShape.body, agentBody, (body) => {
    const { values, problems } = read(body, agentFields);
    return isTaken(() => readAgentChanges(values, problems, isCommon));
  });
});

test('enable_agent and disable_agent', () => {
  assertAgreement(enableAgentShape.body, idBody, (body) => {
    const fields = read(body, ['agent_id']);
    return isTaken(() => requireAgentId(fields)) && parseAgentId(requireAgentId(fields)) !== undefined;
  });
});

test('the agent_id of a query, and the idempotency key', () => {
  const validateQuery = ajv.compile(editAgentShape.query);
  const validateKey = ajv.compile(idempotencyKey);
  const value = fc.oneof(text, fc.nat().map(String), fc.stringMatching(/^[!-~]{0,257}$/));
  fc.assert(
    fc.property(value, (drawn) => {
      assert.equal(validateQuery({ agent_id: drawn }), parseAgentId(drawn) !== undefined);
      assert.equal(validateKey(drawn), readIdempotencyKey(drawn) !== undefined);
    }),
    { numRuns: scaled(20_000) },
  );
});

test('the server itself comes to the same verdict', async () => {
  const validate = ajv.compile(createAgentShape.body ?? false);
  await fc.assert(
    fc.asyncProperty(agentBody, async (body) => {
      const { status, text: answer } = await callApi(server.port, server.token, paths.create, body);
      // A dni drawn twice was found valid before it was found taken; a common password is beyond the schema.
      const isFine = status === 201 || status === 409 || answer.includes('most common');
      assert.equal(validate(JSON.parse(body)), isFine, `${body} → ${answer}`);
    }),
    { numRuns: scaled(1500) },
  );
});
