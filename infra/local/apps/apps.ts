import { join } from 'node:path';
import { type StandInHandle, type StandInOptions, startStandIn } from '../stand-in.ts';

const built = join(import.meta.dirname, '..', '..', '..', '.build', 'clients');

/**
 * Starts what serves the apps to browsers, with the API on the same origin.
 * @param options.domain of the customers' hosted pages
 * @throws Error when it is not ready
 */
export function startApps(
  options: StandInOptions & { readonly edgeUrl: string; readonly domain: string },
): Promise<StandInHandle> {
  const { edgeUrl, domain, ...rest } = options;
  return startStandIn(
    {
      name: 'Apps',
      script: join(import.meta.dirname, 'server.ts'),
      env: { EDGE_URL: edgeUrl, COGNITO_CUSTOMERS_DOMAIN: domain, APPS: built },
      envOfUsers: () => ({}),
    },
    rest,
  );
}
