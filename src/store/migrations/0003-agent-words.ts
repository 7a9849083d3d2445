/** The words by which agents are found, and up to which agent they have been written. */
export const name = 'agent words';

export const statements = [
  `create table agent_words (
    operation_id text not null references operations (operation_id),
    word text not null,
    agent_id bigint not null,
    primary key (operation_id, word, agent_id)
  )`,
  `alter table counters add column words_until bigint not null default 0`,
] as const;
