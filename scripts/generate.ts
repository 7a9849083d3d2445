/**
 * Writes what is committed but made from the code: the documents as the server serves them, and the list of error
 * codes. `npm run generate`; test/documents/committed.test.ts tells when it was forgotten.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeGeneratedFiles } from './generated-files.ts';

const root = resolve(import.meta.dirname, '..');

for (const [path, text] of await makeGeneratedFiles()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`Wrote ${path}`);
}
