import type { Random } from './ports.ts';

/**
 * Draws `length` characters from `alphabet`, each equally likely: a byte that would favour the first characters is
 * thrown away, not wrapped round.
 */
export function drawCharacters(random: Random, alphabet: string, length: number): string {
  const usable = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length + 8)) {
      if (byte < usable && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
