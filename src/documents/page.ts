/** The page that shows a document and tries requests: Swagger UI's own files, and nothing from any other host. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface PageFile {
  type: string;
  content: Buffer;
}

/** Only what this host serves may load; pictures in Swagger UI's style sheet are data: URLs. */
export const pagePolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Roster: API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="stylesheet" href="/docs/page.css" />
  </head>
  <body>
    <main id="api"></main>
    <noscript>This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/page.js"></script>
  </body>
</html>
`;

// validatorUrl: null, or a public document would be sent to a validator elsewhere. A token typed in is forgotten with
// the page.
const script = `window.ui = SwaggerUIBundle({
  url: '/docs/openapi.json',
  dom_id: '#api',
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1,
  defaultModelExpandDepth: 3,
});
`;

const styles = `body { margin: 0; }
.swagger-ui .scheme-container { padding: 12px 0; }
.swagger-ui .servers-title, .swagger-ui .servers, .swagger-ui .opblock-body td.response-col_links { display: none; }
.swagger-ui .opblock-body textarea.body-param__text { min-height: 150px; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 10px; }
  .swagger-ui .info { margin: 20px 0; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; font-size: 13px; }
  .swagger-ui .opblock .opblock-summary-description { display: none; }
  .swagger-ui .opblock-body table { table-layout: fixed; width: 100%; }
  .swagger-ui .opblock-body table tr, .swagger-ui .opblock-body table td:not(.response-col_links) { display: block; width: auto; max-width: none; }
  .swagger-ui .opblock-body table > thead { display: none; }
  .swagger-ui .opblock-body table td { padding: 4px 0; }
  .swagger-ui .responses-inner { padding: 10px; }
  .swagger-ui .highlight-code, .swagger-ui .microlight { max-width: 100%; overflow-x: auto; }
  .swagger-ui .opblock-body input[type='text'], .swagger-ui .opblock-body select { max-width: 100%; }
  .swagger-ui .modal-ux { min-width: 0; width: 94vw; }
}
`;

/** The files under `/docs`, by name; the page itself is ''. */
export function loadPage(): ReadonlyMap<string, PageFile> {
  const require = createRequire(import.meta.url);
  const folder = join(require.resolve('@fastify/swagger-ui/package.json'), '..', 'static');
  const css = 'text/css; charset=utf-8';
  const javascript = 'text/javascript; charset=utf-8';
  return new Map([
    ['', { type: 'text/html; charset=utf-8', content: Buffer.from(html) }],
    ['page.js', { type: javascript, content: Buffer.from(script) }],
    ['page.css', { type: css, content: Buffer.from(styles) }],
    ['swagger-ui.css', { type: css, content: readFileSync(join(folder, 'swagger-ui.css')) }],
    ['swagger-ui-bundle.js', { type: javascript, content: readFileSync(join(folder, 'swagger-ui-bundle.js')) }],
  ]);
}
