/** Every link between the documents leads somewhere, and every guide and recipe is in the index. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();

/** The text without what stands in code. */
function readProse(document: string): string {
  return readFileSync(join(root, document), 'utf8')
    .replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ' '));
}

function findLinks(document: string): string[] {
  return [...readProse(document).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a document's headings, as code hosts make them. */
function findAnchors(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8').replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function findFault(document: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#', 2);
  const target = path === '' ? document : relative(root, resolve(root, dirname(document), path));
  if (!existsSync(join(root, target))) return `${document}: ${link} leads nowhere`;
  if (anchor === undefined || statSync(join(root, target)).isDirectory()) return undefined;
  return findAnchors(target).includes(anchor) ? undefined : `${document}: ${link} names no heading`;
}

test('every link leads somewhere', () => {
  const links = documents.flatMap((document) => findLinks(document).map((link) => [document, link] as const));
  assert.ok(links.length > 60, `${links.length} links`);
  assert.deepEqual(
    links.map(([document, link]) => findFault(document, link)).filter((fault) => fault !== undefined),
    [],
  );
});

test('the index has every guide and every recipe', () => {
  const linked = findLinks('docs/README.md');
  const wanted = globSync(['guides/*.md', 'recipes/*.md'], { cwd: join(root, 'docs') });
  assert.deepEqual(
    wanted.filter((path) => !linked.includes(path)),
    [],
  );
});
