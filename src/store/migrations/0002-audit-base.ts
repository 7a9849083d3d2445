/** Where an operation's audit chain begins once its oldest events have been trimmed by rule. */
export const name = 'audit base';

export const statements = [
  `alter table counters add column audit_base_seq bigint not null default 0`,
  `alter table counters add column audit_base_hash text not null default ''`,
] as const;
