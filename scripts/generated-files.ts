/** What is committed but made from the code, by its path. */
import Fastify from 'fastify';
import { apis } from '../src/configuration/apis.ts';
import { describeByApi, describeConfiguration } from '../src/configuration/document.ts';
import { wordings } from '../src/configuration/envelope.ts';
import { failuresOf, statusOfCode } from '../src/configuration/failure-shapes.ts';
import { collectRoutes } from '../src/documents/collect-routes.ts';
import { type Dialect, printErrorList } from './error-list.ts';
import { type OpenApiDocument, printDocument } from '../src/documents/open-api.ts';
import type { Services } from '../src/domain/context.ts';
import { type FailureCode, statuses } from '../src/http/status.ts';
import { describeManagement, managementFailures, managementPrefix } from '../src/management/document.ts';
import { messages } from '../src/management/errors.ts';
import { mountManagement } from '../src/management/management.ts';

/** The routes are mounted but never asked, so that no service is used. */
async function describeMounted(): Promise<OpenApiDocument> {
  const app = Fastify();
  const routes = collectRoutes(app);
  await app.register(mountManagement, { prefix: managementPrefix, services: {} as Services, administrator: '' });
  await app.ready();
  await app.close();
  return describeManagement(routes);
}

function dialects(): Dialect[] {
  const configured = new Set(apis.flatMap((api) => failuresOf(api)));
  const managed: ReadonlySet<FailureCode> = new Set(managementFailures);
  return [
    {
      name: 'configuration',
      tell(code) {
        const [error, msg] = wordings[code];
        return configured.has(code) ? { status: statusOfCode(code), words: `\`${error}\`: \`${msg}\`` } : undefined;
      },
    },
    {
      name: 'management',
      tell: (code) => (managed.has(code) ? { status: statuses[code], words: messages[code] } : undefined),
    },
  ];
}

export async function makeGeneratedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/openapi/configuration.json', printDocument(describeConfiguration())],
    ['docs/openapi/configuration-by-api.json', printDocument(describeByApi())],
    ['docs/openapi/management.json', printDocument(await describeMounted())],
    ['docs/errors.md', printErrorList(dialects())],
  ]);
}
