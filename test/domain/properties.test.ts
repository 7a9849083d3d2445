/** Properties that hold for every input: normalisation, generator and policy, token text, near misses, time zones. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { test } from 'node:test';
import {
  assignedAlphabet,
  assignedPasswordBits,
  drawAssignedPassword,
  isFastVerifierSound,
} from '../../src/domain/assigned-password.ts';
import { encodeBase62 } from '../../src/domain/base62.ts';
import { crc32 } from '../../src/domain/crc32.ts';
import { readNewAgent } from '../../src/domain/agent-fields.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { readIdempotencyKey } from '../../src/domain/idempotency.ts';
import { findPasswordProblems } from '../../src/domain/password-policy.ts';
import { countCharacters, editDistance, maskDni, normalizeSso } from '../../src/domain/text.ts';
import { localDay } from '../../src/domain/time-zone.ts';
import { drawToken, isTokenSecret, parseToken } from '../../src/domain/token-text.ts';
import { createRandom } from '../../src/platform/random.ts';
import { loadCommonPasswords } from '../../src/platform/common-passwords.ts';

const random = createRandom();
const isCommon = loadCommonPasswords();

test('an assigned password meets the policy at every length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 64 }), (length) => {
      const password = drawAssignedPassword(random, length);
      assert.equal(password.length, length);
      assert.deepEqual(findPasswordProblems(password, isCommon), []);
      assert.match(password, /^[^0O1lIio]+$/);
    }),
  );
});

test('assigned passwords are unbiased: each character of a class is equally likely (chi-squared)', () => {
  const counts = new Map([...assignedAlphabet].map((character) => [character, 0]));
  const passwords = 20_000;
  for (let index = 0; index < passwords; index += 1) {
    for (const character of drawAssignedPassword(random, 20)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  // Within a class the requirement that each class be present favours nobody.
  for (const pattern of [/[a-z]/, /[A-Z]/, /[0-9]/, /[!#%&*@]/]) {
    const inClass = [...counts].filter(([character]) => pattern.test(character)).map(([, count]) => count);
    const expected = inClass.reduce((sum, count) => sum + count, 0) / inClass.length;
    const statistic = inClass.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    const degrees = inClass.length - 1;
    // Six standard deviations of the chi-squared distribution: a fair generator fails once in many millions of runs.
    assert.ok(statistic < degrees + 6 * Math.sqrt(2 * degrees) + 10, `${pattern}: ${statistic} at ${degrees} degrees`);
  }
});

test('the entropy of assigned passwords: 20 characters have at least 112 bits, the bits agree with a count by hand', () => {
  assert.ok(assignedPasswordBits(20) >= 112);
  assert.ok(isFastVerifierSound(20));
  assert.ok(!isFastVerifierSound(18));
  // Four characters with one of each class: 4! orders of 23·24·8·6 choices.
  assert.ok(Math.abs(assignedPasswordBits(4) - Math.log2(24 * 23 * 24 * 8 * 6)) < 1e-9);
});

test('a token is read back as it was drawn, and any one changed character is told', () => {
  const codes = fc.stringMatching(/^[0-9a-z]{1,16}$/);
  fc.assert(
    fc.property(codes, fc.nat(), fc.constantFrom(...'0aZ_-é '), (code, place, character) => {
      const { tokenId, text, secretHash } = drawToken(random, code);
      const parsed = parseToken(text);
      assert.ok(parsed !== undefined);
      assert.deepEqual([parsed.operationId, parsed.tokenId, parsed.secret.length], [code, tokenId, 27]);
      assert.ok(isTokenSecret(parsed.secret, secretHash));
      const index = place % text.length;
      const changed = text.slice(0, index) + character + text.slice(index + 1);
      if (changed !== text) assert.equal(parseToken(changed), undefined);
    }),
  );
});

test('text that is no token is never taken for one', () => {
  fc.assert(fc.property(fc.string(), (text) => void assert.equal(parseToken(text), undefined)));
  fc.assert(fc.property(fc.string(), (text) => void assert.equal(parseToken(`rst_0001_${text}`), undefined)));
});

test('the checksum is CRC-32, as zlib counts it', () => {
  fc.assert(fc.property(fc.stringMatching(/^[ -~]*$/), (text) => void assert.equal(crc32(text), zlibCrc32(text))));
});

test('base62 keeps the order of numbers and their difference', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (left, right) => {
      const [a, b] = [encodeBase62(left, 6), encodeBase62(right, 6)];
      assert.equal(a < b, left < right);
    }),
  );
});

test('network users: case and composition make no difference, anything else does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const normal = normalizeSso(text);
      assert.equal(normalizeSso(normal), normal);
      assert.equal(normalizeSso(text.normalize('NFD')), normal);
    }),
  );
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-zA-Z0-9._@\\-]*$/),
      (text) => void assert.equal(normalizeSso(text.toUpperCase()), normalizeSso(text)),
    ),
  );
  assert.notEqual(normalizeSso('ıana'), normalizeSso('iana'));
  assert.equal(normalizeSso('ΟΔΟΣ'), normalizeSso('οδοσ'));
});

test('lengths are counted in code points', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => void assert.equal(countCharacters(text), [...text].length)),
  );
});

test('fields: whatever is read is trimmed, within its limits and free of control characters; the rest is refused', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ maxLength: 40 }),
    fc.constant(null),
  );
  fc.assert(
    fc.property(value, value, value, value, (agent_dni, agent_name, agent_sso, agent_pass) => {
      try {
        const fields = readNewAgent({ agent_dni, agent_name, agent_sso, agent_pass }, [], isCommon);
        for (const [text, limit] of [
          [fields.dni, 32],
          [fields.name, 100],
          [fields.sso ?? 'x', 256],
        ] as const) {
          assert.equal(text, text.trim());
          assert.ok(text.isWellFormed() && !/\p{Cc}/u.test(text));
          assert.ok([...text].length >= 1 && [...text].length <= limit);
        }
        assert.equal(fields.password, agent_pass === '' ? null : agent_pass);
        if (fields.password !== null) assert.deepEqual(findPasswordProblems(fields.password, isCommon), []);
      } catch (error) {
        assert.ok(error instanceof DomainError, String(error));
        assert.ok(['fields_missing', 'fields_invalid'].includes(error.code));
        assert.ok((error.facts.details ?? []).length > 0);
      }
    }),
  );
});

test('the edit distance is a metric, given up above its limit', () => {
  const word = fc.stringMatching(/^[ab]{0,6}$/);
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      const distance = (x: string, y: string): number => editDistance(x, y, 100);
      assert.equal(distance(a, b), distance(b, a));
      assert.equal(distance(a, b) === 0, a === b);
      assert.ok(distance(a, c) <= distance(a, b) + distance(b, c));
      assert.equal(editDistance(a, b, 2), Math.min(3, distance(a, b)));
    }),
  );
});

test('a masked dni shows at most three characters and at most a third', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{1,32}$/), (dni) => {
      const shown = maskDni(dni).replaceAll('•', '').length;
      assert.ok(shown <= 3 && shown <= dni.length / 3);
      assert.equal([...maskDni(dni)].length, dni.length);
    }),
  );
});

test('idempotency keys are 1 to 255 visible ASCII characters', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      const isKey =
        text.length >= 1 && text.length <= 255 && [...text].every((character) => character >= '!' && character <= '~');
      assert.equal(readIdempotencyKey(text) !== undefined, isKey);
    }),
  );
});

test('a local day holds its instant, ends within 26 hours, and the next one begins there', () => {
  const zones = fc.constantFrom(
    'UTC',
    'America/Bogota',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Europe/Madrid',
  );
  const instants = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) });
  fc.assert(
    fc.property(zones, instants, (zone, at) => {
      const { day, endsAt } = localDay(zone, at);
      assert.ok(endsAt > at && endsAt <= at + 26 * 3_600_000);
      assert.equal(localDay(zone, endsAt - 1).day, day);
      assert.ok(localDay(zone, endsAt).day > day);
    }),
  );
});
