/** Base62 text, the alphabet of tokens and their ids: letters and digits only, so a double click selects all of it. */

export const base62Alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A whole number ≥ 0 as base62, padded on the left with `0` to `length`. */
export function encodeBase62(value: number, length: number): string {
  let text = '';
  let rest = value;
  while (rest > 0) {
    text = base62Alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text.padStart(length, '0');
}
