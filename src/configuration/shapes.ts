/** How each api is described: its request, its answer, and what can go wrong with it. */
import { type TObject, type TSchema, Type } from 'typebox';
import { agentIdPattern } from '../domain/agent-fields.ts';
import type { FailureCode } from '../http/status.ts';
import { idempotencyKey, namedAgentId, passwordField, printedAgentId, textField } from './field-shapes.ts';

export interface ApiShape {
  summary: string;
  description: string;
  /** Parameters of the query, besides `api`. */
  query: TObject;
  /** Headers of the request, besides the token's. */
  headers: TObject;
  /** Null: no body is read. */
  body: TSchema | null;
  status: number;
  answer: TSchema;
  /** Headers of the answer, with what each says. */
  answerHeaders: Readonly<Record<string, string>>;
  /** What can go wrong beyond what can with any api. */
  failures: readonly FailureCode[];
}

const closed = { additionalProperties: false } as const;
const none = Type.Object({});
const ignored = { 'x-roster-ignored': 'The unknown members of the body, which were left out; percent-encoded.' };

/** A success in the envelope; `code` is a number or a text as clients of this API know it. */
function envelope(code: number | string, msg: TSchema, rows?: TSchema): TObject {
  return Type.Object(
    {
      code: Type.Unsafe<number | string>({ const: code }),
      error: Type.Null(),
      msg,
      ...(rows === undefined ? {} : { data: rows }),
    },
    closed,
  );
}

const oneRow = (row: TSchema): TSchema => Type.Array(row, { minItems: 1, maxItems: 1 });
const recordsFound = Type.String({ pattern: '^[0-9]+ records were found$', examples: ['1 records were found'] });
const count = (description: string): TSchema => Type.String({ pattern: '^[0-9]+$', description });
const countOrUnlimited = (description: string): TSchema =>
  Type.String({ pattern: '^([0-9]+|unlimited)$', description });

export const createAgentShape: ApiShape = {
  summary: 'Creates an agent',
  description:
    'Creates an agent, enabled, with the password given or one that the server draws. The password is shown in this answer ' +
    'only. With an `Idempotency-Key`, a repeat of the same request within 24 hours gets the first answer again.',
  query: none,
  headers: Type.Object({ 'Idempotency-Key': Type.Optional(idempotencyKey) }),
  body: Type.Object({
    agent_dni: textField('agent_dni', 'required'),
    agent_name: textField('agent_name', 'required'),
    agent_sso: Type.Optional(textField('agent_sso', 'optional')),
    agent_pass: Type.Optional(passwordField('optional')),
  }),
  status: 201,
  answer: envelope(
    201,
    Type.Literal('Agent has been created'),
    oneRow(
      Type.Object({ agent_id: printedAgentId, password: Type.String({ examples: ['Xk7#pQz2&mRw9@tNb4!H'] }) }, closed),
    ),
  ),
  answerHeaders: { ...ignored, 'idempotency-replayed': '`true`: the answer of an earlier request, given again.' },
  failures: ['fields_missing', 'fields_invalid', 'agent_conflict', 'idempotency_running', 'idempotency_mismatch'],
};

export const editAgentShape: ApiShape = {
  summary: 'Changes an agent',
  description: 'Sets the fields given; an absent or empty one stays as it is. `null` clears `agent_sso`.',
  query: Type.Object({
    agent_id: Type.String({ description: 'The id of the agent.', pattern: agentIdPattern, examples: ['10000'] }),
  }),
  headers: none,
  body: Type.Object({
    agent_dni: Type.Optional(textField('agent_dni', 'kept')),
    agent_name: Type.Optional(textField('agent_name', 'kept')),
    agent_sso: Type.Optional(textField('agent_sso', 'kept')),
    agent_pass: Type.Optional(passwordField('kept')),
  }),
  status: 202,
  answer: envelope(202, Type.Literal('agent has been updated')),
  answerHeaders: ignored,
  failures: ['fields_missing', 'fields_invalid', 'agent_unknown', 'agent_conflict'],
};

function describeEnabling(verb: 'Enables' | 'Disables', done: 'enabled' | 'disabled', more: string): ApiShape {
  return {
    summary: `${verb} an agent`,
    description:
      `${verb} an agent. An agent that is ${done} already stays so, and the answer is the same. ${more}`.trim(),
    query: none,
    headers: none,
    body: Type.Object({ agent_id: namedAgentId }, { description: `The agent that is to be ${done}.` }),
    status: 202,
    answer: envelope(
      202,
      Type.String({ pattern: `^[1-9][0-9]* agent has been ${done}$`, examples: [`10000 agent has been ${done}`] }),
    ),
    answerHeaders: ignored,
    failures: ['fields_missing', 'fields_invalid', 'agent_unknown'],
  };
}

export const enableAgentShape = describeEnabling('Enables', 'enabled', '');
export const disableAgentShape = describeEnabling('Disables', 'disabled', 'It can no longer sign in.');

const agentRow = Type.Object(
  {
    agent_id: printedAgentId,
    agent_name: Type.String(),
    agent_dni: Type.String(),
    agent_status: Type.Literal('Logout'),
    last_use: Type.String({
      description: "The last sign-in in the operation's time zone, or empty.",
      pattern: '^$|^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$',
    }),
    agent_sso: Type.String({ description: 'Empty: none.' }),
    enabled: Type.Enum(['yes', 'no']),
  },
  closed,
);

export const listAgentsShape: ApiShape = {
  summary: 'Lists agents',
  description:
    'Every agent in the order of the ids, disabled ones included, at most 60,000; or the one that `agent` names.',
  query: Type.Object({
    agent: Type.Optional(
      Type.String({ description: 'The id of one agent; empty or absent: all.', pattern: `^$|${agentIdPattern}` }),
    ),
  }),
  headers: none,
  body: null,
  status: 200,
  answer: envelope('200', recordsFound, Type.Array(agentRow, { maxItems: 60_000 })),
  answerHeaders: { 'x-total-count': 'How many agents there are. Absent where `agent` names one.' },
  failures: ['agent_unknown'],
};

export const tokenInfoShape: ApiShape = {
  summary: 'Says what the token may still use today',
  description: "What the token may use a day, and has used. The day ends at midnight in the operation's time zone.",
  query: none,
  headers: none,
  body: null,
  status: 200,
  answer: envelope(
    '200',
    Type.Literal('1 records were found'),
    oneRow(
      Type.Object(
        {
          description: Type.String(),
          token_limit: countOrUnlimited('Uses a day.'),
          token_use_today: count('Uses of this token today.'),
          all_token_today: count('Uses of every token of the operation today.'),
          available_consumption_options: countOrUnlimited('Uses left today.'),
        },
        closed,
      ),
    ),
  ),
  answerHeaders: {},
  failures: [],
};
