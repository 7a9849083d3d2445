/**
 * The fields of the configuration API as schemas, made from the very limits the domain checks with. What JSON Schema
 * cannot say stands in the descriptions: uniqueness, common passwords, how a number was written.
 */
import { type TSchema, Type } from 'typebox';
import { agentIdPattern, textLimits } from '../domain/agent-fields.ts';
import { passwordClasses, passwordLength } from '../domain/password-policy.ts';

// Spelt out rather than \p{Cc}, which fewer of the languages that read these patterns know.
const control = String.raw`\x00-\x1f\x7f-\x9f`;

/** Text of 1 to `limit` characters once it is trimmed, none of them a control character. */
function trimmedPattern(limit: number): string {
  const inside = `[^${control}]`;
  const edge = String.raw`[^\s${control}]`;
  return String.raw`^\s*${edge}(?:${inside}{0,${limit - 2}}${edge})?\s*$`;
}

type FieldUse = 'required' | 'optional' | 'kept';

const textFields = {
  agent_dni: { example: '1020304050', what: 'The personal identification number, unique within the operation.' },
  agent_name: { example: 'Ana Gómez', what: 'The name, in any script.' },
  agent_sso: {
    example: 'ana.gomez@example.com',
    what: "The network user for the company's own sign-in, unique within the operation without regard to case.",
  },
} as const;

const emptyMeans: Readonly<Record<FieldUse, string>> = {
  required: '',
  optional: ' Empty, null or absent: none.',
  kept: ' Empty or absent: it stays as it is.',
};

/**
 * A text field. `required`: must be given; `optional`: null, empty and absent mean "not given"; `kept`: empty and absent
 * leave it as it is, and null clears `agent_sso` alone.
 */
export function textField(field: keyof typeof textFields, use: FieldUse): TSchema {
  const { example, what } = textFields[field];
  const limit = textLimits[field];
  const isNumberTaken = field === 'agent_dni';
  const isNullTaken = use === 'optional' || (use === 'kept' && field === 'agent_sso');
  const cleared = use === 'kept' && isNullTaken ? ' Null clears it.' : '';
  const number = isNumberTaken ? ' A whole number is taken as its decimal text.' : '';
  const pattern = trimmedPattern(limit);
  return Type.Unsafe<unknown>({
    description: `${what} 1–${limit} characters after trimming, no control characters.${number}${emptyMeans[use]}${cleared}`,
    type: ['string', ...(isNumberTaken ? ['integer'] : []), ...(isNullTaken ? ['null'] : [])],
    pattern: use === 'required' ? pattern : `^$|${pattern}`,
    // A minus sign is a character too.
    ...(isNumberTaken ? { exclusiveMinimum: -(10 ** (limit - 1)), exclusiveMaximum: 10 ** limit } : {}),
    examples: [example],
  });
}

/** A chosen password, or empty for what `use` says. */
export function passwordField(use: 'optional' | 'kept'): TSchema {
  const { min, max } = passwordLength;
  const classes = passwordClasses.map(({ what }) => what).join(', ');
  const empty = use === 'optional' ? 'Empty, null or absent: the server draws one.' : emptyMeans.kept.trim();
  return Type.Unsafe<unknown>({
    description: `The password, ${min}–${max} characters, never trimmed: ${classes}; no control characters, and none of the common passwords. ${empty}`,
    type: use === 'optional' ? ['string', 'null'] : 'string',
    anyOf: [
      { const: '' },
      {
        minLength: min,
        maxLength: max,
        allOf: [{ pattern: `^[^${control}]*$` }, ...passwordClasses.map(({ pattern }) => ({ pattern }))],
      },
    ],
    examples: [''],
  });
}

/** An agent's id as the server prints it. */
export const printedAgentId = Type.String({ pattern: agentIdPattern, examples: ['10000'] });

/** An agent's id as a body names it. */
export const namedAgentId = Type.Unsafe<unknown>({
  description: 'The id of the agent. A whole number is taken as its decimal text.',
  type: ['string', 'integer'],
  pattern: agentIdPattern,
  minimum: 1,
  exclusiveMaximum: 10 ** 15,
  examples: ['10000'],
});

/** The header that makes a create repeatable. */
export const idempotencyKey = Type.String({
  description: 'Drawn anew for each new request; sent again with its repeats.',
  pattern: '^[!-~]{1,255}$',
  minLength: 1,
  maxLength: 255,
});
