/** The shapes on the wire of the management API: one schema gives the type, the validation and the document. */
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const nullable = <Schema extends Type.TSchema>(schema: Schema): Type.TUnion<[Schema, Type.TNull]> =>
  Type.Union([schema, Type.Null()]);

/** An instant, ISO 8601 in UTC. */
const Instant = Type.String();

export const OperationSettings = Type.Object(
  {
    name: Type.Optional(Type.String()),
    time_zone: Type.Optional(Type.String()),
    unknown_fields: Type.Optional(Type.Union([Type.Literal('ignore'), Type.Literal('refuse')])),
    assigned_password_length: Type.Optional(Type.Integer()),
  },
  closed,
);
export const NewOperation = Type.Object({ code: Type.String(), ...OperationSettings.properties }, closed);
export const Operation = Type.Object({
  code: Type.String(),
  name: Type.String(),
  time_zone: Type.String(),
  unknown_fields: Type.String(),
  assigned_password_length: Type.Integer(),
  created_at: Instant,
});

export const NewToken = Type.Object(
  {
    description: Type.Optional(Type.String()),
    scopes: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    simultaneous_limit: Type.Optional(Type.Integer()),
    daily_limit: Type.Optional(nullable(Type.Integer())),
    expires_at: Type.Optional(nullable(Type.String())),
    allowed_networks: Type.Optional(Type.Array(Type.String())),
  },
  closed,
);
export const Token = Type.Object({
  token_id: Type.String(),
  description: Type.String(),
  scopes: Type.Array(Type.String()),
  simultaneous_limit: Type.Integer(),
  daily_limit: nullable(Type.Integer()),
  expires_at: nullable(Instant),
  allowed_networks: Type.Array(Type.String()),
  created_at: Instant,
  revoked_at: nullable(Instant),
  rotated_from: nullable(Type.String()),
  last_used_at: nullable(Instant),
});
/** A token with its text: shown once. */
export const ShownToken = Type.Object({ ...Token.properties, token: Type.String() });
export const RotateToken = Type.Object({ grace_seconds: Type.Optional(Type.Integer()) }, closed);

const text = Type.Optional(nullable(Type.String()));
export const AgentFields = Type.Object(
  { agent_dni: text, agent_name: text, agent_sso: text, agent_pass: text },
  closed,
);
export const Agent = Type.Object({
  agent_id: Type.String(),
  agent_dni: Type.String(),
  agent_name: Type.String(),
  agent_sso: nullable(Type.String()),
  enabled: Type.Boolean(),
  created_at: Instant,
  updated_at: Instant,
  last_sign_in_at: nullable(Instant),
});
export const CreatedAgent = Type.Object({ agent_id: Type.String(), password: Type.String() });
/** `next` continues a list; a search has none: where `more` is true it should say more. */
export const AgentPage = Type.Object({
  more: Type.Boolean(),

  agents: Type.Array(Agent),
  total: Type.Integer(),
  next: nullable(Type.String()),
});

export const AuditEvent = Type.Object({
  seq: Type.Integer(),
  occurred_at: Instant,
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  outcome: Type.String(),
  request_id: Type.String(),
  address: Type.String(),
  details: Type.Record(Type.String(), Type.Any()),
  hash: Type.String(),
});
export const AuditPage = Type.Object({ events: Type.Array(AuditEvent), next: nullable(Type.Integer()) });
export const AuditHead = Type.Object({ seq: Type.Integer({ minimum: 0 }), hash: Type.String() });
export const VerifyAudit = Type.Object({ head: Type.Optional(AuditHead) }, closed);
export const AuditVerdict = Type.Object({
  base: Type.Integer(),
  head: AuditHead,
  fault: nullable(Type.Object({ kind: Type.String(), seq: Type.Integer() })),
});

export const Page = Type.Object(
  {
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
    limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$' })),
  },
  closed,
);
export const AgentQuery = Type.Object(
  {
    ...Page.properties,
    search: Type.Optional(Type.String({ maxLength: 200 })),
    enabled: Type.Optional(Type.Union([Type.Literal('yes'), Type.Literal('no')])),
  },
  closed,
);
export const OperationPath = Type.Object({ code: Type.String() });
export const AgentPath = Type.Object({ code: Type.String(), agent: Type.String() });
export const TokenPath = Type.Object({ code: Type.String(), token: Type.String() });

export type OperationShape = Static<typeof Operation>;
export type NewOperationShape = Static<typeof NewOperation>;
export type OperationSettingsShape = Static<typeof OperationSettings>;
export type NewTokenShape = Static<typeof NewToken>;
export type TokenShape = Static<typeof Token>;
export type ShownTokenShape = Static<typeof ShownToken>;
export type AgentFieldsShape = Static<typeof AgentFields>;
export type AgentShape = Static<typeof Agent>;
export type CreatedAgentShape = Static<typeof CreatedAgent>;
export type AgentPageShape = Static<typeof AgentPage>;
export type AuditEventShape = Static<typeof AuditEvent>;
export type AuditPageShape = Static<typeof AuditPage>;
export type AuditHeadShape = Static<typeof AuditHead>;
export type AuditVerdictShape = Static<typeof AuditVerdict>;
