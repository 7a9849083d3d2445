/**
 * One JSON object, read strictly: fatal UTF-8, no key twice, bounded depth and number of keys, and numbers kept as they
 * were written. `JSON.parse` judges the grammar; a walk over the then valid text judges the rest.
 */
import { DomainError } from '../domain/errors.ts';

export const jsonLimits = { depth: 20, keys: 200 } as const;

export type JsonMember =
  | { type: 'text'; value: string }
  | { type: 'null' }
  /** A number's source text, exactly as sent. */
  | { type: 'number'; source: string }
  | { type: 'boolean' | 'array' | 'object' };

/**
 * The members of the object in the order sent. Throws `body_invalid`, with the reason in `details`.
 *
 * @param body UTF-8, with or without a byte order mark
 */
export function readJsonObject(body: Uint8Array): Map<string, JsonMember> {
  const text = decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(text.trim() === '' ? 'is empty' : 'is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('is JSON, but not an object');
  const sources = walk(text);
  return new Map(Object.entries(value).map(([key, member]) => [key, describe(member, sources.get(key))]));
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw invalid('is not UTF-8');
  }
}

function invalid(problem: string): DomainError {
  return new DomainError('body_invalid', { details: [{ field: 'body', problem }] });
}

function describe(member: unknown, source: string | undefined): JsonMember {
  if (typeof member === 'string') return { type: 'text', value: member };
  if (typeof member === 'number') return { type: 'number', source: source ?? '' };
  if (typeof member === 'boolean') return { type: 'boolean' };
  if (member === null) return { type: 'null' };
  return { type: Array.isArray(member) ? 'array' : 'object' };
}

const stringAt = /"(?:[^"\\]|\\.)*"/y;
const numberAt = /-?[0-9][0-9.eE+-]*/y;

function matchAt(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? '';
}

/** Walks valid JSON text; gives the source of each number that is a member of the outermost object. */
function walk(text: string): Map<string, string> {
  const sources = new Map<string, string>();
  /** The keys of every object around this place; undefined for an array. */
  const around: (Set<string> | undefined)[] = [];
  let keys = 0;
  let key = '';
  let keyComes = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '{' || character === '[') {
      around.push(character === '{' ? new Set() : undefined);
      if (around.length > jsonLimits.depth) throw invalid(`is nested deeper than ${jsonLimits.depth}`);
      keyComes = character === '{';
    } else if (character === '}' || character === ']') {
      around.pop();
      keyComes = false;
    } else if (character === ',') {
      keyComes = around.at(-1) !== undefined;
    } else if (character === '"') {
      const source = matchAt(stringAt, text, index);
      index += source.length - 1;
      if (!keyComes) continue;
      keyComes = false;
      key = JSON.parse(source) as string;
      const known = around.at(-1);
      if (known?.has(key)) throw invalid(`has the key ${JSON.stringify(key.slice(0, 64))} twice`);
      known?.add(key);
      keys += 1;
      if (keys > jsonLimits.keys) throw invalid(`has more than ${jsonLimits.keys} keys`);
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const source = matchAt(numberAt, text, index);
      index += source.length - 1;
      if (around.length === 1) sources.set(key, source);
    }
  }
  return sources;
}
