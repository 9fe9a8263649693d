import { join } from 'node:path';
import { type StandInHandle, type StandInOptions, startStandIn } from '../stand-in.ts';

/**
 * Starts the stand-in for the pools' hosted pages, with Google and Apple behind them.
 * @param options.cognitoUrl the stand-in for Cognito, which has the people
 * @param options.redirectUris where apps may be sent back to
 * @throws Error when it is not ready
 */
export function startHostedUi(
  options: StandInOptions & {
    readonly cognitoUrl: string;
    readonly redirectUris: readonly string[];
  },
): Promise<StandInHandle> {
  const { cognitoUrl, redirectUris, ...rest } = options;
  return startStandIn(
    {
      name: 'Hosted-UI',
      script: join(import.meta.dirname, 'server.ts'),
      env: { COGNITO_ENDPOINT: cognitoUrl, REDIRECT_URIS: redirectUris.join(' ') },
      envOfUsers: (url) => ({
        COGNITO_CUSTOMERS_DOMAIN: `${url}/customers`,
        COGNITO_STAFF_DOMAIN: `${url}/staff`,
      }),
    },
    rest,
  );
}
