import type { Route } from './route.ts';

/** The APIs that an edge can serve; each can have machines of its own. */
export const APIS = ['pos', 'customer', 'admin', 'public'] as const;
export type Api = (typeof APIS)[number];

/**
 * The routes of these APIs. Jobs come with each: whoever sends a command must be able to ask what
 * became of it where they sent it.
 */
export function routesOf(routes: readonly Route[], apis: readonly Api[]): Route[] {
  return routes.filter(({ path }) => {
    const [, , api] = path.split('/');
    return api === 'jobs' || apis.some((served) => served === api);
  });
}
