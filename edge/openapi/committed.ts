import { createRoutes, type RouteDependencies } from '../routes/index.ts';
import { openApiDocument } from './document.ts';

/** The document as it was reviewed; it must equal the generated one. */
export const committedDocument = new URL('openapi.json', import.meta.url);

/** The document of all routes, as a file holds it. */
export function generateDocument(): string {
  // Nothing has to stand behind the routes: only their declarations are read.
  const routes = createRoutes({} as RouteDependencies);
  return `${JSON.stringify(openApiDocument(routes), undefined, 2)}\n`;
}
