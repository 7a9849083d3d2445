/** What a password must be. The policy's four classes are those of the configuration API; the rest is Roster's. */
import { countCharacters, hasControlCharacter } from './text.ts';

export const passwordSpecials = '!#%&*@';
export const passwordLength = { min: 8, max: 128 } as const;

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
  if (!/\p{Lu}/u.test(password)) problems.push('must contain an upper-case letter');
  if (!/\p{Ll}/u.test(password)) problems.push('must contain a lower-case letter');
  if (!/[0-9]/.test(password)) problems.push('must contain a number (0-9)');
  if (!/[!#%&*@]/.test(password)) problems.push(`must contain one of ${passwordSpecials}`);
  if (problems.length === 0 && isCommon(password)) problems.push('is among the most common passwords; choose another');
  return problems;
}
