import { existsSync, readFileSync } from 'node:fs';
import { type EventType, events, type OutboxEvent } from '../../queues/events/events.ts';
import { webhookBody } from '../../queues/events/webhook-body.ts';
import { type CommandName, commands } from '../../queues/registry.ts';
import { createRoutes, type RouteDependencies } from '../routes/index.ts';
import { openApiDocument } from './document.ts';

/** The document as it was reviewed; it must equal the generated one. */
export const committedDocument = new URL('openapi.json', import.meta.url);

/** The document of all routes, as a file holds it. */
export function generateDocument(): string {
  // Nothing has to stand behind the routes: only their declarations are read.
  const routes = createRoutes({} as RouteDependencies);
  return `${JSON.stringify(openApiDocument(routes, { ofRoute, ofEvent }), undefined, 2)}\n`;
}

/**
 * A body to show for a route: what the frozen fixture of its command was posted as. Every one of them
 * is sent to a real edge by a test.
 */
function ofRoute(route: string): object | undefined {
  if (!Object.hasOwn(commands, route)) return undefined;
  const fixture = readFixture(commands[route as CommandName]) as { body: object } | undefined;
  return fixture?.body;
}

/** A body to show for an event: its frozen fixture as a receiver would get it. */
function ofEvent(type: string): object | undefined {
  if (!Object.hasOwn(events, type)) return undefined;
  const { version } = events[type as EventType];
  const event = readFixture({ name: type, version }) as OutboxEvent | undefined;
  return event && (JSON.parse(webhookBody(event)) as object);
}

function readFixture(of: { name: string; version: number }): unknown {
  const file = new URL(`../../queues/fixtures/${of.name}.v${of.version}.json`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;
}
