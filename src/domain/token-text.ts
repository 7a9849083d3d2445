/**
 * The text of a token: `rst_{code}_{id}_{secret}_{crc32}`, base62. It carries its operation's code, so that one look-up
 * by primary key finds it, and a checksum, so that a typing error is told without a look-up and a leaked token can be
 * found by its shape.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { base62Alphabet, encodeBase62 } from './base62.ts';
import { crc32 } from './crc32.ts';
import { drawCharacters } from './draw.ts';
import type { Random } from './ports.ts';

/** 27 characters of base62 are 160.7 bits. */
const secretLength = 27;
const idLength = 10;
const shape = /^rst_([0-9a-z]{1,16})_([0-9A-Za-z]{10})_([0-9A-Za-z]{27})_([0-9A-Za-z]{6})$/;

export interface TokenText {
  operationId: string;
  tokenId: string;
  secret: string;
}

/** A new token's id and whole text for this operation. */
export function drawToken(random: Random, operationId: string): { tokenId: string; text: string; secretHash: string } {
  const tokenId = drawCharacters(random, base62Alphabet, idLength);
  const secret = drawCharacters(random, base62Alphabet, secretLength);
  return { tokenId, text: formatToken({ operationId, tokenId, secret }), secretHash: hashTokenSecret(secret) };
}

export function formatToken({ operationId, tokenId, secret }: TokenText): string {
  const body = `rst_${operationId}_${tokenId}_${secret}`;
  return `${body}_${encodeBase62(crc32(body), 6)}`;
}

/** Takes a token's text apart; undefined when its shape or its checksum is wrong. */
export function parseToken(text: string): TokenText | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, operationId = '', tokenId = '', secret = '', checksum = ''] = match;
  const body = text.slice(0, -checksum.length - 1);
  if (encodeBase62(crc32(body), 6) !== checksum) return undefined;
  return { operationId, tokenId, secret };
}

/** What the store keeps of a token's secret: SHA-256, hexadecimal. 160 random bits need no slow hash. */
export function hashTokenSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Compares a presented secret with the kept hash in constant time. */
export function isTokenSecret(secret: string, secretHash: string): boolean {
  const presented = hash('sha256', secret, 'buffer');
  const kept = Buffer.from(secretHash, 'hex');
  return presented.length === kept.length && timingSafeEqual(presented, kept);
}
