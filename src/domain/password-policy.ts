/** What a password must be. The policy's four classes are those of the configuration API; the rest is Roster's. */
import { countCharacters, hasControlCharacter } from './text.ts';

export const passwordSpecials = '!#%&*@';
export const passwordLength = { min: 8, max: 128 } as const;
/** What a password must contain, as patterns with Unicode's properties, and in words. */
export const passwordClasses = [
  { pattern: '\\p{Lu}', what: 'an upper-case letter' },
  { pattern: '\\p{Ll}', what: 'a lower-case letter' },
  { pattern: '[0-9]', what: 'a number (0-9)' },
  { pattern: `[${passwordSpecials}]`, what: `one of ${passwordSpecials}` },
] as const;
const classExpressions = passwordClasses.map(({ pattern, what }) => ({ expression: new RegExp(pattern, 'u'), what }));

/** Says whether a password is among the common ones shipped with the program; compares without regard to case. */
export type IsCommonPassword = (password: string) => boolean;

/** Every rule a chosen password breaks, in plain English; empty when it may be used. */
export function findPasswordProblems(password: string, isCommon: IsCommonPassword): string[] {
  if (!password.isWellFormed()) return ['must be well-formed Unicode text'];
  const problems: string[] = [];
  const length = countCharacters(password);
  if (length < passwordLength.min) problems.push(`must have at least ${passwordLength.min} characters`);
  if (length > passwordLength.max) problems.push(`must have at most ${passwordLength.max} characters`);
  if (hasControlCharacter(password)) problems.push('must not contain control characters');
  for (const { expression, what } of classExpressions) {
    if (!expression.test(password)) problems.push(`must contain ${what}`);
  }
  if (problems.length === 0 && isCommon(password)) problems.push('is among the most common passwords; choose another');
  return problems;
}
