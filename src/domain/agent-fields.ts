/** The rules of an agent's fields, the same at every door. */
import { DomainError, type Problem } from './errors.ts';
import { findPasswordProblems, type IsCommonPassword } from './password-policy.ts';
import { countCharacters, hasControlCharacter, normalizeSso } from './text.ts';

export const agentFields = ['agent_dni', 'agent_name', 'agent_sso', 'agent_pass'] as const;
export type AgentField = (typeof agentFields)[number];

/** Fields as a door has read them: text, `null` where it was sent, absent where it was not. */
export type AgentFieldValues = Partial<Record<AgentField, string | null>>;

export interface NewAgentFields {
  dni: string;
  name: string;
  sso: string | null;
  /** Null: the system assigns one. */
  password: string | null;
}

/** What an edit sets; `sso: null` clears it, an absent key leaves it. */
export interface AgentChanges {
  dni?: string;
  name?: string;
  sso?: string | null;
  password?: string;
}

/** Characters (code points) at most, after trimming. */
export const textLimits = { agent_dni: 32, agent_name: 100, agent_sso: 256 } as const;

/** Text that may name an agent. */
export const agentIdPattern = '^[1-9][0-9]{0,14}$';
const agentIdExpression = new RegExp(agentIdPattern);

/**
 * Reads the fields of a new agent: `null`, absent and empty all mean "not given".
 *
 * @param formProblems what the door itself found wrong with the fields' form; told together with the rest
 * @throws `fields_missing` when a required one is not given, else `fields_invalid` when one breaks its rule; `details`
 *   names every problem
 */
export function readNewAgent(
  values: AgentFieldValues,
  formProblems: readonly Problem[],
  isCommon: IsCommonPassword,
): NewAgentFields {
  const given = (field: AgentField): string | null => values[field] || null;
  const malformed = new Set(formProblems.map(({ field }) => field));
  const dni = given('agent_dni')?.trim() || null;
  const name = given('agent_name')?.trim() || null;
  const sso = given('agent_sso')?.trim() ?? null;
  const password = given('agent_pass');
  const missing: Problem[] = [];
  if (dni === null && !malformed.has('agent_dni')) missing.push({ field: 'agent_dni', problem: 'is required' });
  if (name === null && !malformed.has('agent_name')) missing.push({ field: 'agent_name', problem: 'is required' });
  const problems = [...formProblems, ...findProblems({ dni, name, sso, password }, isCommon)];
  if (missing.length > 0) throw new DomainError('fields_missing', { details: [...missing, ...problems] });
  if (problems.length > 0) throw new DomainError('fields_invalid', { details: problems });
  return { dni: dni ?? '', name: name ?? '', sso, password };
}

/**
 * Reads the fields of an edit: absent and empty leave as it is, `null` clears `agent_sso` and is a problem elsewhere.
 * Throws `fields_invalid`.
 */
export function readAgentChanges(
  values: AgentFieldValues,
  formProblems: readonly Problem[],
  isCommon: IsCommonPassword,
): AgentChanges {
  const problems = [...formProblems];
  for (const field of agentFields) {
    if (values[field] === null && field !== 'agent_sso') {
      problems.push({ field, problem: 'cannot be cleared; leave it out to keep it as it is' });
    }
  }
  const { agent_dni: dni, agent_name: name, agent_sso: sso, agent_pass: password } = values;
  const changes: AgentChanges = {
    ...(dni ? { dni: dni.trim() } : {}),
    ...(name ? { name: name.trim() } : {}),
    ...(sso ? { sso: sso.trim() } : {}),
    ...(sso === null ? { sso } : {}),
    ...(password ? { password } : {}),
  };
  problems.push(...findProblems(changes, isCommon));
  if (problems.length > 0) throw new DomainError('fields_invalid', { details: problems });
  return changes;
}

type Candidates = { [Field in keyof AgentChanges]: string | null };

function findProblems({ dni, name, sso, password }: Candidates, isCommon: IsCommonPassword): Problem[] {
  const problems: Problem[] = [];
  for (const [field, value] of [
    ['agent_dni', dni],
    ['agent_name', name],
    ['agent_sso', sso],
  ] as const) {
    if (typeof value === 'string') {
      problems.push(...findTextProblems(value, textLimits[field]).map((problem) => ({ field, problem })));
    }
  }
  if (typeof password === 'string') {
    problems.push(...findPasswordProblems(password, isCommon).map((problem) => ({ field: 'agent_pass', problem })));
  }
  return problems;
}

function findTextProblems(value: string, limit: number): string[] {
  if (!value.isWellFormed()) return ['must be well-formed Unicode text'];
  const problems: string[] = [];
  const length = countCharacters(value);
  if (length === 0) problems.push('must not be blank');
  if (length > limit) problems.push(`must have at most ${limit} characters; it has ${length}`);
  if (hasControlCharacter(value)) problems.push('must not contain control characters');
  return problems;
}

/** The columns in which a network user is kept: as sent, and as compared. */
export function ssoColumns(sso: string | null): { sso: string | null; ssoNormalized: string | null } {
  return { sso, ssoNormalized: sso === null ? null : normalizeSso(sso) };
}

/** The number behind an agent id's text; undefined for text that names no agent. */
export function parseAgentId(text: string): number | undefined {
  return agentIdExpression.test(text) ? Number(text) : undefined;
}
