/** From a JSON body to the fields an api knows: what each member's type means, near misses, unknown ones. */
import { DomainError, type Problem } from '../domain/errors.ts';
import { editDistance } from '../domain/text.ts';
import type { JsonMember } from '../http/strict-json.ts';

/** How far a field's name may be from a known one to be taken for a slip of the pen. */
const nearMissEdits = 2;
/** Fields in which a whole number is taken as its decimal text. */
const numericFields: ReadonlySet<string> = new Set(['agent_dni', 'agent_id']);

export interface ReadFields {
  /** Text, or null where null was sent; fields not sent, or not understood, are absent. */
  values: Record<string, string | null>;
  problems: Problem[];
  /** Unknown members that were left out. */
  ignored: string[];
}

/**
 * Reads the members that an api knows.
 *
 * @param unknownFields what the operation does with unknown members; a near miss of a known one is always a problem
 */
export function readFields(
  members: ReadonlyMap<string, JsonMember>,
  known: readonly string[],
  unknownFields: 'ignore' | 'refuse',
): ReadFields {
  const read: ReadFields = { values: {}, problems: [], ignored: [] };
  for (const [field, member] of members) {
    if (known.includes(field)) readKnown(read, field, member);
    else readUnknown(read, field, known, unknownFields);
  }
  return read;
}

function readKnown({ values, problems }: ReadFields, field: string, member: JsonMember): void {
  if (member.type === 'text') values[field] = member.value;
  else if (member.type === 'null') values[field] = null;
  else if (member.type !== 'number') problems.push({ field, problem: `must be text, not ${article(member.type)}` });
  else if (!numericFields.has(field)) problems.push({ field, problem: 'must be text, not a number' });
  else if (/^-?[0-9]+$/.test(member.source)) values[field] = member.source;
  else problems.push({ field, problem: 'must be text or a whole number without fraction or exponent' });
}

function article(type: string): string {
  return type === 'boolean' ? 'a boolean' : `an ${type}`;
}

function readUnknown(
  read: ReadFields,
  field: string,
  known: readonly string[],
  unknownFields: 'ignore' | 'refuse',
): void {
  const meant = known.find((name) => editDistance(field.toLowerCase(), name, nearMissEdits) <= nearMissEdits);
  if (meant !== undefined) read.problems.push({ field, problem: `is not a known field; did you mean ${meant}?` });
  else if (unknownFields === 'refuse') read.problems.push({ field, problem: 'is not a known field' });
  else read.ignored.push(field);
}

/** An agent id that a request must name. Throws `fields_missing`, or `fields_invalid` for a wrong type or a near miss. */
export function requireAgentId({ values, problems }: ReadFields): string {
  const agentId = values['agent_id'] ?? '';
  const malformed = problems.some(({ field }) => field === 'agent_id');
  if (agentId === '' && !malformed) {
    throw new DomainError('fields_missing', { details: [{ field: 'agent_id', problem: 'is required' }, ...problems] });
  }
  if (problems.length > 0) throw new DomainError('fields_invalid', { details: problems });
  return agentId;
}

const maxNamed = 20;

/** The names of ignored members as the text of a header: at most twenty, percent-encoded. */
export function printIgnored(names: readonly string[]): string {
  const shown = names.slice(0, maxNamed).map((name) => encodeURIComponent(name.slice(0, 64).toWellFormed()));
  return (names.length > maxNamed ? [...shown, '...'] : shown).join(', ');
}
