/** Pure text helpers: what the domain means by trimmed, by length, by control character and by "the same network user". */

/** Number of code points, the unit of every length rule. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (isHighSurrogate(text.charCodeAt(index)) && isLowSurrogate(text.charCodeAt(index + 1))) index += 1;
    count += 1;
  }
  return count;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd8_00 && unit <= 0xdb_ff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc_00 && unit <= 0xdf_ff;
}

/** Whether the text holds a control character (Unicode general category Cc). */
export function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true;
  }
  return false;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/**
 * The form in which two network users are compared: without regard to case, and to how an accent is composed.
 * Lower case alone (no upper-case round trip), so that `ı` and `i` stay two people.
 */
export function normalizeSso(sso: string): string {
  if (isAscii(sso)) return sso.toLowerCase();
  return sso.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

/** `1234567890` → `•••••••890`: at most the last three characters and at most a third of them stay readable. */
export function maskDni(dni: string): string {
  const characters = [...dni];
  const shown = Math.min(3, Math.floor(characters.length / 3));
  return '•'.repeat(characters.length - shown) + characters.slice(characters.length - shown).join('');
}

/** Levenshtein distance, given up (as `limit + 1`) once it must exceed `limit`. */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const insertion = (current[column - 1] ?? 0) + 1;
      const deletion = (previous[column] ?? 0) + 1;
      current.push(Math.min(substitution, insertion, deletion));
    }
    if (Math.min(...current) > limit) return limit + 1;
    previous = current;
  }
  return Math.min(previous[right.length] ?? 0, limit + 1);
}
