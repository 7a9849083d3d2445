/**
 * The documents that a listener serves of its own API: `/openapi.json`, and `/docs`, a page that shows it and tries
 * requests. Knows no word of the product: the rooms above describe themselves.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type OpenApiDocument, printDocument } from './open-api.ts';
import { loadPage, type PageFile, pagePolicy } from './page.ts';

export interface DocumentsOptions {
  /** Asked when the document is, once every route is mounted. */
  describe: () => OpenApiDocument;
  /** What the page shows, where that is another. */
  describeForPage?: () => OpenApiDocument;
}

interface ServedFile extends PageFile {
  zipped: Buffer;
  etag: string;
}

const zip = promisify(gzip);

/** Mounts both; what is served is made at the first request for it. */
export async function mountDocuments(app: FastifyInstance, options: DocumentsOptions): Promise<void> {
  const { describe, describeForPage = describe } = options;
  const served = new Map<string, Promise<ServedFile>>();
  let page: ReadonlyMap<string, PageFile> | undefined;

  function findFile(name: string, load: () => PageFile): Promise<ServedFile> {
    const known = served.get(name);
    if (known !== undefined) return known;
    const file = prepare(load());
    served.set(name, file);
    return file;
  }

  for (const [path, make] of [
    ['/openapi.json', describe],
    ['/docs/openapi.json', describeForPage],
  ] as const) {
    app.get(path, async (request, reply) => {
      const type = 'application/json; charset=utf-8';
      const load = (): PageFile => ({ type, content: Buffer.from(printDocument(make())) });
      return send(request, reply, await findFile(path, load));
    });
  }

  for (const path of ['', '/', '/page.js', '/page.css', '/swagger-ui.css', '/swagger-ui-bundle.js']) {
    const name = path.slice(1);
    app.get(`/docs${path}`, async (request, reply) => {
      page ??= loadPage();
      const file = page.get(name);
      if (file === undefined) return reply.callNotFound();
      reply.header('content-security-policy', pagePolicy);
      return send(request, reply, await findFile(name, () => file));
    });
  }
}

async function prepare(file: PageFile): Promise<ServedFile> {
  const etag = `"${createHash('sha256').update(file.content).digest('base64url').slice(0, 22)}"`;
  return { ...file, etag, zipped: await zip(file.content) };
}

function send(request: FastifyRequest, reply: FastifyReply, file: ServedFile): FastifyReply {
  request.logFacts = 'quiet';
  reply.headers({ 'cache-control': 'no-cache', etag: file.etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  reply.type(file.type);
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(file.content);
  return reply.header('content-encoding', 'gzip').send(file.zipped);
}
