/** The common passwords shipped with the program: one a line in lower case, most common first. */
import { readFileSync } from 'node:fs';
import type { IsCommonPassword } from '../domain/password-policy.ts';

/**
 * Loads the list. A password is common when the list has it, compared without case, with or without the policy's
 * specials at its end (`Password1!` is `password1`, dressed up for the policy).
 */
export function loadCommonPasswords(): IsCommonPassword {
  const text = readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8');
  const common = new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('# ')));
  return (password) => {
    const plain = password.toLowerCase();
    return common.has(plain) || common.has(plain.replace(/[!#%&*@]+$/, ''));
  };
}
