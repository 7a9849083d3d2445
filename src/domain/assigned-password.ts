/** Passwords the system assigns, and the fast verifier that their entropy allows. */
import { hash } from 'node:crypto';
import { drawCharacters } from './draw.ts';
import { passwordSpecials } from './password-policy.ts';
import type { Random } from './ports.ts';

const lower = 'abcdefghjkmnpqrstuvwxyz';
const upper = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = '23456789';

/** Letters, digits and the policy's specials without the look-alikes `0 O o 1 l I i`. */
export const assignedAlphabet = lower + upper + digits + passwordSpecials;
export const defaultAssignedLength = 20;
export const assignedLengthRange = { min: 8, max: 64 } as const;
const fastVerifierBits = 112;

/**
 * A random password that meets the policy. Drawn whole and drawn again until each class is present, so that every
 * password of the policy is equally likely.
 */
export function drawAssignedPassword(random: Random, length: number): string {
  for (;;) {
    const password = drawCharacters(random, assignedAlphabet, length);
    if (/[a-z]/.test(password) && /[A-Z]/.test(password) && /[0-9]/.test(password) && /[!#%&*@]/.test(password)) {
      return password;
    }
  }
}

/**
 * Bits of an assigned password of this length: the logarithm of how many there are, counted by inclusion and exclusion
 * over the four classes.
 */
export function assignedPasswordBits(length: number): number {
  const sizes = [lower.length, upper.length, digits.length, passwordSpecials.length];
  let share = 0;
  for (let subset = 0; subset < 16; subset += 1) {
    let left = assignedAlphabet.length;
    let sign = 1;
    for (const [index, size] of sizes.entries()) {
      if (subset & (1 << index)) {
        left -= size;
        sign = -sign;
      }
    }
    share += sign * (left / assignedAlphabet.length) ** length;
  }
  return length * Math.log2(assignedAlphabet.length) + Math.log2(share);
}

let shortestSound: number = assignedLengthRange.min;
while (assignedPasswordBits(shortestSound) < fastVerifierBits) shortestSound += 1;

/** Whether a salted SHA-256 is a sound verifier at this length (NIST SP 800-63B, look-up secrets: at least 112 bits). */
export function isFastVerifierSound(length: number): boolean {
  return length >= shortestSound;
}

/** `$sha256$salt$digest` (base64url) of a high-entropy password. */
export function hashAssignedPassword(password: string, salt: Uint8Array): string {
  const digest = hash('sha256', Buffer.concat([salt, Buffer.from(password)]), 'base64url');
  return `$sha256$${Buffer.from(salt).toString('base64url')}$${digest}`;
}
