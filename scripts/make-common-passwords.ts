/**
 * Writes `src/platform/common-passwords.txt` from the dictionary of `@zxcvbn-ts/language-common` (MIT) and the variants
 * that people make of it to meet a policy. Run it again when the dictionary is brought up to date.
 */
import { dictionary } from '@zxcvbn-ts/language-common';
import { writeFileSync } from 'node:fs';

/** A chosen password has at least 8 characters, of which the specials at the end may be cut off. */
const shortest = 5;
const own = [
  'p@ssw0rd',
  'p@ssword',
  'pa55w0rd',
  'contraseña',
  'contrasena',
  'clave',
  'senha',
  'bienvenido',
  'bemvindo',
  'welcome',
  'wolkvox',
  'callcenter',
  'contactcenter',
  'agente',
  'admin',
  'administrador',
  'colombia',
  'bogota',
  'medellin',
  'mexico',
  'brasil',
  'argentina',
  'peru',
  'chile',
  'ecuador',
  'españa',
  'usuario',
  'cambiar',
  'cambiame',
  'changeme',
  'temporal',
  'prueba',
  'teste',
  'test',
  'qwerty',
  'password',
  'abc',
  'abcd',
];
const endings = [
  '',
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '123456',
  '01',
  '2020',
  '2021',
  '2022',
  '2023',
  '2024',
  '2025',
  '2026',
];

const words = new Set((dictionary['passwords-common'] as string[]).map((word) => word.toLowerCase()));
for (const word of own) for (const ending of endings) words.add(word + ending);
for (const word of [...words].slice(0, 500)) for (const ending of endings) words.add(word + ending);
const lines = [...words].filter((word) => word.length >= shortest && !/\s/.test(word));
const head =
  '# Common passwords, lower case. From the dictionary of @zxcvbn-ts/language-common (MIT) by scripts/make-common-passwords.ts';
writeFileSync(new URL('../src/platform/common-passwords.txt', import.meta.url), `${head}\n${lines.join('\n')}\n`);
console.log(`${lines.length} passwords`);
