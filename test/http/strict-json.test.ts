/** The strict reading of JSON, beside JSON.parse: what it takes means the same, what it refuses it refuses for a reason. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { test } from 'node:test';
import { DomainError } from '../../src/domain/errors.ts';
import { jsonLimits, readJsonObject } from '../../src/http/strict-json.ts';

const read = (text: string): ReturnType<typeof readJsonObject> => readJsonObject(Buffer.from(text));

function refusalOf(body: string | Buffer): string {
  try {
    readJsonObject(Buffer.from(body));
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === 'body_invalid', String(error));
    return error.facts.details?.[0]?.problem ?? '';
  }
  return 'accepted';
}

test('any object of JSON within the limits is read: text as JSON.parse reads it, types as they are', () => {
  const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 8 });
  fc.assert(
    fc.property(object, fc.constantFrom('', ' ', '\n\t'), (value, space) => {
      const text = JSON.stringify(value, null, space).toWellFormed();
      if (refusalOf(text) !== 'accepted') return;
      const parsed = JSON.parse(text) as Record<string, unknown>;
      const members = read(text);
      assert.deepEqual([...members.keys()].toSorted(), Object.keys(parsed).toSorted());
      for (const [key, member] of members) {
        if (member.type === 'text') assert.equal(member.value, parsed[key]);
        else if (member.type === 'number') assert.equal(JSON.parse(member.source), parsed[key]);
        else if (member.type === 'null') assert.equal(parsed[key], null);
        else assert.equal(member.type, Array.isArray(parsed[key]) ? 'array' : typeof parsed[key]);
      }
    }),
  );
});

test('a number is kept to the digit', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (left, right) => {
      const members = read(`{"x":{"a":1,"n":2},"a" : ${left} ,"s":"\\"a\\":9","n":${right}}`);
      assert.deepEqual(
        [members.get('a'), members.get('n')],
        [
          { type: 'number', source: String(left) },
          { type: 'number', source: String(right) },
        ],
      );
    }),
  );
});

test('whatever bytes come, the answer is members or a reason', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refusalOf(Buffer.from(bytes))));
  fc.assert(fc.property(fc.stringMatching(/^[{}[\]",:\\a0 ]*$/), (text) => void refusalOf(text)));
});

test('a key twice is told at any depth, in any spelling', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 15 }), (key, depth) => {
      const name = JSON.stringify(key);
      const escaped = `"${[...key]
        .map((character) =>
          character
            .split('')
            .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
            .join(''),
        )
        .join('')}"`;
      const inner = `{${name}:1,${escaped}:2}`;
      assert.match(
        refusalOf(`${'{"a":['.repeat(depth > 9 ? 9 : depth)}${inner}${']}'.repeat(depth > 9 ? 9 : depth)}`),
        /twice$/,
      );
    }),
  );
});

test('the limits are exact', () => {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const arrays = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  const keys = (count: number): string =>
    `{${Array.from({ length: count }, (_, index) => `"k${index}":{}`).join(',')}}`;
  assert.deepEqual(
    [nested(jsonLimits.depth), arrays(jsonLimits.depth), keys(jsonLimits.keys)].map((text) => refusalOf(text)),
    ['accepted', 'accepted', 'accepted'],
  );
  assert.deepEqual(
    [nested(jsonLimits.depth + 1), arrays(jsonLimits.depth + 1), keys(jsonLimits.keys + 1), nested(10_000)].map(
      (text) => refusalOf(text),
    ),
    ['is nested deeper than 20', 'is nested deeper than 20', 'has more than 200 keys', 'is nested deeper than 20'],
  );
});

test('__proto__ is a member like any other', () => {
  const members = read('{"__proto__":{"polluted":true},"constructor":"x","toString":null}');
  assert.deepEqual([...members.keys()], ['__proto__', 'constructor', 'toString']);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});
