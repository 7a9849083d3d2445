/** Every command, in the order `roster help` lists them. Each is loaded when it is asked for. */
import type { CommandEntry } from './command.ts';

export const commands: readonly CommandEntry[] = [
  { name: 'serve', summary: 'start the server', load: async () => (await import('./serve.ts')).serve },
  {
    name: 'operation add',
    summary: 'add an operation',
    load: async () => (await import('./operation-add.ts')).operationAdd,
  },
  {
    name: 'operation edit',
    summary: "change an operation's settings",
    load: async () => (await import('./operation-edit.ts')).operationEdit,
  },
  {
    name: 'operation list',
    summary: 'list the operations',
    load: async () => (await import('./operation-list.ts')).operationList,
  },
  {
    name: 'token create',
    summary: 'make an API token',
    load: async () => (await import('./token-create.ts')).tokenCreate,
  },
  {
    name: 'token list',
    summary: 'list the tokens of an operation',
    load: async () => (await import('./token-list.ts')).tokenList,
  },
  {
    name: 'token rotate',
    summary: 'replace a token; the old one lives on for a while',
    load: async () => (await import('./token-rotate.ts')).tokenRotate,
  },
  {
    name: 'token revoke',
    summary: 'end a token at once',
    load: async () => (await import('./token-revoke.ts')).tokenRevoke,
  },
  {
    name: 'agent create',
    summary: 'create an agent',
    load: async () => (await import('./agent-create.ts')).agentCreate,
  },
  {
    name: 'agent list',
    summary: 'list the agents of an operation',
    load: async () => (await import('./agent-list.ts')).agentList,
  },
  { name: 'agent show', summary: 'show one agent', load: async () => (await import('./agent-show.ts')).agentShow },
  { name: 'agent edit', summary: 'change an agent', load: async () => (await import('./agent-edit.ts')).agentEdit },
  {
    name: 'agent disable',
    summary: 'disable an agent',
    load: async () => (await import('./agent-disable.ts')).agentDisable,
  },
  {
    name: 'agent enable',
    summary: 'enable an agent',
    load: async () => (await import('./agent-enable.ts')).agentEnable,
  },
  {
    name: 'audit list',
    summary: 'list audit events, newest first',
    load: async () => (await import('./audit-list.ts')).auditList,
  },
  {
    name: 'audit head',
    summary: 'print the head of the audit chain, to keep elsewhere',
    load: async () => (await import('./audit-head.ts')).auditHead,
  },
  {
    name: 'audit verify',
    summary: 'verify the audit chain',
    load: async () => (await import('./audit-verify.ts')).auditVerify,
  },
  {
    name: 'backup',
    summary: 'copy the database to a file, beside a running server or without one',
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'restore',
    summary: 'put a backup into an empty data folder; the server must be stopped',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'doctor',
    summary: 'look for what is wrong and say what to do',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'config show',
    summary: 'print the settings in force and where each came from',
    load: async () => (await import('./config-show.ts')).configShow,
  },
  {
    name: 'config example',
    summary: 'print an example of the file with settings',
    load: async () => (await import('./config-example.ts')).configExample,
  },
  {
    name: 'completion',
    summary: 'print the completion of commands and options for a shell',
    load: async () => (await import('./completion.ts')).makeCompletion(commands),
  },
];
