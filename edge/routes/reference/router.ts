import { fileURLToPath } from 'node:url';
import { Router } from 'express';
import helmet from 'helmet';

// The package exports its style but not its browser bundle, which lies beside it.
const style = import.meta.resolve('@scalar/api-reference/style.css');
const scalar = fileURLToPath(new URL('browser/standalone.js', style));

/** Nothing that would call somebody else's service, or offer to. */
const configuration = {
  withDefaultFonts: false,
  hideClientButton: true,
  telemetry: false,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Regulars API</title>
  </head>
  <body>
    <script id="api-reference" data-url="/openapi.json"
      data-configuration='${JSON.stringify(configuration)}'></script>
    <script src="/docs/scalar.js"></script>
  </body>
</html>
`;

/** `GET /openapi.json`, from that file, and `GET /docs`: the reference page, served from here under a strict CSP. */
export function referenceRouter(openApiDocument: string): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    // The checkout may lie under a folder whose name begins with a dot, and so does the built file.
    response.sendFile(openApiDocument, { maxAge: '5m', dotfiles: 'allow' });
  });
  router.use(
    '/docs',
    helmet({
      contentSecurityPolicy: {
        // The page's styles are made by its script; nothing else is inline and nothing is remote.
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
    }),
  );
  router.get('/docs', (_request, response) => {
    response.type('html').send(page);
  });
  router.get('/docs/scalar.js', (_request, response) => {
    response.sendFile(scalar, { maxAge: '1d' });
  });
  return router;
}
