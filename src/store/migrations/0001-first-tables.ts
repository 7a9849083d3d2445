/**
 * The first tables, in the subset that SQLite, PostgreSQL and Citus share: the operation leads every key, no triggers,
 * sequences, identity columns or expression indexes.
 */
export const name = 'first tables';

export const statements = [
  `create table installation (
    name text not null primary key,
    value text not null
  )`,
  `create table operations (
    operation_id text not null primary key,
    name text not null,
    time_zone text not null,
    unknown_fields text not null,
    assigned_password_length integer not null,
    created_at bigint not null
  )`,
  `create table counters (
    operation_id text not null primary key references operations (operation_id),
    next_agent_id bigint not null,
    audit_seq bigint not null,
    audit_hash text not null
  )`,
  `create table agents (
    operation_id text not null references operations (operation_id),
    agent_id bigint not null,
    dni text not null,
    name text not null,
    sso text,
    sso_normalized text,
    enabled integer not null,
    password_kind text not null,
    password_verifier text not null,
    created_at bigint not null,
    updated_at bigint not null,
    last_sign_in_at bigint,
    primary key (operation_id, agent_id)
  )`,
  `create unique index agents_dni on agents (operation_id, dni)`,
  `create unique index agents_sso on agents (operation_id, sso_normalized)`,
  `create table tokens (
    operation_id text not null references operations (operation_id),
    token_id text not null,
    secret_hash text not null,
    description text not null,
    scopes text not null,
    simultaneous_limit integer not null,
    daily_limit integer,
    expires_at bigint,
    allowed_networks text not null,
    created_at bigint not null,
    revoked_at bigint,
    rotated_from text,
    last_used_at bigint,
    primary key (operation_id, token_id)
  )`,
  `create table token_usage (
    operation_id text not null,
    token_id text not null,
    day text not null,
    uses bigint not null,
    primary key (operation_id, token_id, day),
    foreign key (operation_id, token_id) references tokens (operation_id, token_id)
  )`,
  `create index token_usage_day on token_usage (operation_id, day)`,
  `create table idempotency_records (
    operation_id text not null references operations (operation_id),
    record_id text not null,
    token_id text not null,
    request_mac text not null,
    sealed_password text not null,
    agent_id bigint not null,
    expires_at bigint not null,
    primary key (operation_id, record_id)
  )`,
  `create index idempotency_records_end on idempotency_records (operation_id, expires_at)`,
  `create table audit_events (
    operation_id text not null references operations (operation_id),
    seq bigint not null,
    occurred_at bigint not null,
    actor text not null,
    action text not null,
    subject text not null,
    outcome text not null,
    request_id text not null,
    address text not null,
    details text not null,
    hash text not null,
    primary key (operation_id, seq)
  )`,
] as const;
