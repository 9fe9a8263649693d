import { existsSync, readFileSync } from 'node:fs';
import { type CommandName, commands } from '../../queues/registry.ts';
import { createRoutes, type RouteDependencies } from '../routes/index.ts';
import { openApiDocument } from './document.ts';

/** The document as it was reviewed; it must equal the generated one. */
export const committedDocument = new URL('openapi.json', import.meta.url);

/** The document of all routes, as a file holds it. */
export function generateDocument(): string {
  // Nothing has to stand behind the routes: only their declarations are read.
  const routes = createRoutes({} as RouteDependencies);
  return `${JSON.stringify(openApiDocument(routes, exampleBody), undefined, 2)}\n`;
}

/**
 * A body to show for a route: what the frozen fixture of its command was posted as. Every one of them
 * is sent to a real edge by a test.
 */
function exampleBody(route: string): object | undefined {
  if (!Object.hasOwn(commands, route)) return undefined;
  const { name, version } = commands[route as CommandName];
  const file = new URL(`../../queues/fixtures/${name}.v${version}.json`, import.meta.url);
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { body: object }).body;
}
